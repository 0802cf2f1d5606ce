using Ferry.Hosting.Ledger;

namespace Ferry.Hosting.Tests.Support;

/// <summary>Releases images: notes them, and fails on request.</summary>
internal sealed class RecordingReleaser(ReleaseScript script) : IResourceReleaser
{
    public string Kind => "image";

    public Task ReleaseAsync(ResourceDocument resource, CancellationToken cancellationToken)
    {
        script.Release(resource.Place);
        return Task.CompletedTask;
    }
}
