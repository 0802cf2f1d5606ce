using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Tests.Planning;

public sealed class TargetDriversTests
{
    [Theory]
    [InlineData("hyperv", "hv_storvsc", "hv_netvsc")]
    [InlineData("azure", "hv_storvsc", "nvme")]
    [InlineData("kvm", "virtio_blk", "virtio_net")]
    public void For_Platform_HasItsDiskAndNetwork(string platform, string required, string wanted)
    {
        var drivers = TargetDrivers.For(platform)!;

        Assert.Contains(required, drivers.Required);
        Assert.Contains(wanted, drivers.Wanted);
        Assert.DoesNotContain(drivers.All, d => d.Contains('-', StringComparison.Ordinal));
        Assert.Equal(drivers.All.Count(), drivers.All.Distinct().Count());
    }

    [Fact]
    public void For_UnknownPlatform_IsNothing() => Assert.Null(TargetDrivers.For("raw"));
}
