using Ferry.Fixup.Appliance;
using Ferry.Fixup.Tests.Engine;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ferry.Fixup.Tests.Appliance;

/// <summary>The host is asked once, whoever asks.</summary>
public sealed class HostAccelerationTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_ManyAtOnce_ProbeOnce()
    {
        var qemu = await FakeProgram.WriteAsync(_folder.Path, "qemu", "exit 0");
        var host = Host(qemu, new ApplianceOptions());

        var all = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => host.GetAsync(Token), Token)));

        Assert.All(all, acceleration => Assert.Equal(Acceleration.Kvm, acceleration));
        Assert.Single(qemu.Calls);
    }

    [Fact]
    public async Task Get_QemuFails_IsTcg()
    {
        var host = Host(await FakeProgram.WriteAsync(_folder.Path, "qemu", "exit 1"), new ApplianceOptions());

        Assert.Equal(Acceleration.Tcg, await host.GetAsync(Token));
    }

    [Fact]
    public async Task Get_SwitchedOff_IsTcgWithoutAProbe()
    {
        var qemu = await FakeProgram.WriteAsync(_folder.Path, "qemu", "exit 0");
        var host = Host(qemu, new ApplianceOptions { UseKvm = false });

        Assert.Equal(Acceleration.Tcg, await host.GetAsync(Token));
        Assert.Empty(qemu.Calls);
    }

    [Fact]
    public async Task Get_CancelledCaller_LeavesTheAnswerForOthers()
    {
        var host = Host(await FakeProgram.WriteAsync(_folder.Path, "qemu", "exit 0"), new ApplianceOptions());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => host.GetAsync(new CancellationToken(canceled: true)));

        Assert.Equal(Acceleration.Kvm, await host.GetAsync(Token));
    }

    public void Dispose() => _folder.Dispose();

    private static HostAcceleration Host(FakeProgram qemu, ApplianceOptions options) =>
        new(options, new KvmProbe("/dev/null", qemu.Path, TimeProvider.System), NullLogger<HostAcceleration>.Instance);
}
