using Ferry.Hosting.Ledger;

namespace Ferry.Conversion.Output;

/// <summary>Takes a machine out of the library again whose conversion did not succeed; one of the same name that another has made stays.</summary>
public sealed class LibraryMachineReleaser(ConversionOutput outputs) : IResourceReleaser
{
    /// <summary>Kind of such a machine in the ledger.</summary>
    public const string ResourceKind = "library-machine";

    /// <inheritdoc/>
    public string Kind => ResourceKind;

    /// <inheritdoc/>
    public bool IsProduct => true;

    /// <inheritdoc/>
    public Task ReleaseAsync(ResourceDocument resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var library = outputs.Library;
        var name = Path.GetFileName(resource.Place);
        if (library.Folder is null || library.TryReadId(name) != resource.ConversionId)
        {
            return Task.CompletedTask;
        }

        try
        {
            if (library.TakeOut(name) is { } trash)
            {
                FolderSync.Sync(library.Folder);
                library.Empty(trash);
                NewFolder.DeleteIfEmpty(library.Work);
            }
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"The machine '{resource.Place}' cannot be removed: {exception.Message}", exception);
        }

        return Task.CompletedTask;
    }
}
