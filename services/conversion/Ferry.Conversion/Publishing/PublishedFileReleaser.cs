using Ferry.Conversion.Output;
using Ferry.Hosting.Ledger;

namespace Ferry.Conversion.Publishing;

/// <summary>Removes a file that was moved into the output folder by a conversion that did not succeed.</summary>
public sealed class PublishedFileReleaser : IResourceReleaser
{
    /// <inheritdoc/>
    public string Kind => PublishedFile.Kind;

    /// <inheritdoc/>
    public bool IsProduct => true;

    /// <inheritdoc/>
    public Task ReleaseAsync(ResourceDocument resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var staged = Path.Combine(StagingFolder.PathOf(Path.GetDirectoryName(resource.Place)!, resource.ConversionId), Path.GetFileName(resource.Place));
        if (File.Exists(staged))
        {
            // It was not moved: a file at its place is somebody else's.
            return Task.CompletedTask;
        }

        try
        {
            File.Delete(resource.Place);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"The file '{resource.Place}' cannot be removed: {exception.Message}", exception);
        }
        catch (DirectoryNotFoundException)
        {
            // Its folder is gone, and it with it.
        }

        return Task.CompletedTask;
    }
}
