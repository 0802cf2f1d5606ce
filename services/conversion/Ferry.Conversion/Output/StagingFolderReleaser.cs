using Ferry.Hosting.Ledger;

namespace Ferry.Conversion.Output;

/// <summary>Removes the staging folder of a conversion that did not publish.</summary>
public sealed class StagingFolderReleaser : IResourceReleaser
{
    /// <inheritdoc/>
    public string Kind => StagingFolder.Kind;

    /// <inheritdoc/>
    public Task ReleaseAsync(ResourceDocument resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        try
        {
            StagingFolder.Delete(resource.Place, resource.ConversionId);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"The staging folder '{resource.Place}' cannot be removed: {exception.Message}", exception);
        }

        return Task.CompletedTask;
    }
}
