using Ferry.Hosting.Ledger;

namespace Ferry.Conversion.Output;

/// <summary>Removes the folder of a machine that did not become complete in the library.</summary>
public sealed class GrowingMachineReleaser(ConversionOutput outputs) : IResourceReleaser
{
    /// <summary>Kind of such a folder in the ledger.</summary>
    public const string ResourceKind = "library-staging";

    /// <inheritdoc/>
    public string Kind => ResourceKind;

    /// <inheritdoc/>
    public Task ReleaseAsync(ResourceDocument resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var library = outputs.Library;
        if (library.Folder is null || resource.Place != library.Staging(ConversionOutput.Kind, resource.ConversionId))
        {
            throw new IOException($"'{resource.Place}' is not a folder of this conversion in the library and is left alone.");
        }

        try
        {
            library.Empty(resource.Place);
            NewFolder.DeleteIfEmpty(library.Work);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"The folder '{resource.Place}' cannot be removed: {exception.Message}", exception);
        }

        return Task.CompletedTask;
    }
}
