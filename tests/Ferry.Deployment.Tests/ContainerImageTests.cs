using Ferry.TestServices;

namespace Ferry.Deployment.Tests;

/// <summary>Builds every Dockerfile and starts its program until it is healthy.</summary>
[Trait("Tier", "all")]
public sealed class ContainerImageTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(20);

    public static TheoryData<string> All => [.. Hosts.All];

    [Theory]
    [MemberData(nameof(All))]
    public async Task Image_BuildsAndIsHealthy(string host)
    {
        Skip.UnlessFiles("buildah debootstrap", "/usr/bin/buildah", "/usr/sbin/debootstrap");
        await using var check = await ExternalProcess.StartAsync(Repository.File("docker", "check-image"), [host], folder: Repository.Root);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        Assert.True(await check.WaitForExitAsync(limit.Token) == 0, check.Output);
    }
}
