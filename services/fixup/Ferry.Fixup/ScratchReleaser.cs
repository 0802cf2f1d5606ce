using Ferry.Fixup.Engine;
using Ferry.Hosting.Ledger;

namespace Ferry.Fixup;

/// <summary>Removes the private folder of a run that did not end by itself.</summary>
public sealed class ScratchReleaser : IResourceReleaser
{
    /// <inheritdoc/>
    public string Kind => ScratchFolders.Kind;

    /// <inheritdoc/>
    public Task ReleaseAsync(ResourceDocument resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (!ScratchFolders.IsOne(resource.Place))
        {
            throw new IOException($"{resource.Place} is no folder of a fix-up.");
        }

        ScratchFolders.Delete(resource.Place);
        return Task.CompletedTask;
    }
}
