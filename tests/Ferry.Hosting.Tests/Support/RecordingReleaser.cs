using Ferry.Hosting.Ledger;

namespace Ferry.Hosting.Tests.Support;

/// <summary>Releases images, or products: notes them, and fails on request.</summary>
internal abstract class RecordingReleaser(ReleaseScript script, string kind, bool isProduct) : IResourceReleaser
{
    public string Kind => kind;

    public bool IsProduct => isProduct;

    public Task ReleaseAsync(ResourceDocument resource, CancellationToken cancellationToken)
    {
        script.Release(resource.Place);
        return Task.CompletedTask;
    }
}
