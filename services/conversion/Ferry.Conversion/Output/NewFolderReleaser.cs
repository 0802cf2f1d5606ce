using Ferry.Hosting.Ledger;

namespace Ferry.Conversion.Output;

/// <summary>Removes an output folder, or a folder above it, that the conversion made, when nothing is in it.</summary>
public sealed class NewFolderReleaser : IResourceReleaser
{
    /// <inheritdoc/>
    public string Kind => NewFolder.Kind;

    /// <inheritdoc/>
    public Task ReleaseAsync(ResourceDocument resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        try
        {
            NewFolder.DeleteIfEmpty(resource.Place);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"The folder '{resource.Place}' cannot be removed: {exception.Message}", exception);
        }

        return Task.CompletedTask;
    }
}
