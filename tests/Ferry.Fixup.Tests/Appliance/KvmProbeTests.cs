using System.Diagnostics;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Tests.Engine;
using Microsoft.Extensions.Time.Testing;

namespace Ferry.Fixup.Tests.Appliance;

/// <summary>The probe tells a QEMU that works with KVM from one that does not, and leaves nothing behind.</summary>
public sealed class KvmProbeTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    private string Device => Path.Combine(_folder.Path, "kvm");

    [Fact]
    public async Task Failure_QemuQuitsWhenTold_IsNone()
    {
        var qemu = await QemuAsync("read -r line; [ \"$line\" = quit ]");

        Assert.Null(await new KvmProbe(Device, qemu.Path, TimeProvider.System).FailureAsync());

        Assert.Contains("-machine accel=kvm -cpu max", Assert.Single(qemu.Calls), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_QemuAborts_NamesCodeAndMessage()
    {
        var qemu = await QemuAsync("echo 'kvm_buf_set_msrs: Assertion failed.' >&2; kill -ABRT $$");

        var failure = await new KvmProbe(Device, qemu.Path, TimeProvider.System).FailureAsync();

        Assert.Contains("134", failure, StringComparison.Ordinal);
        Assert.Contains("kvm_buf_set_msrs", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_QemuHangs_IsKilledWhenTheTimeIsUp()
    {
        var qemu = await QemuAsync("exec sleep 600.25");
        var time = new FakeTimeProvider();

        var failure = new KvmProbe(Device, qemu.Path, time).FailureAsync();
        while (!failure.IsCompleted)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            time.Advance(KvmProbe.Patience);
        }

        Assert.Contains("did not answer", await failure, StringComparison.Ordinal);
        Assert.DoesNotContain(Process.GetProcessesByName("sleep"), p => File.ReadAllText($"/proc/{p.Id}/cmdline").Contains("600.25", StringComparison.Ordinal));
    }

    /// <summary>The fake QEMU tells the signal that it gets when its starter ends, and the limit of its core file.</summary>
    [Fact]
    public async Task Failure_Qemu_DiesWithItsStarterAndDumpsNoCore()
    {
        var qemu = await QemuAsync(
            "echo core file: $(ulimit -c) >&2; exec python3 -c 'import ctypes; s = ctypes.c_int(); ctypes.CDLL(None).prctl(2, ctypes.byref(s)); raise SystemExit(s.value)'");

        Assert.EndsWith("code 9: core file: 0", await new KvmProbe(Device, qemu.Path, TimeProvider.System).FailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Failure_NoDevice_StartsNothing()
    {
        var qemu = await QemuAsync("exit 0");

        Assert.Contains("cannot be opened", await new KvmProbe(Device + "-not-there", qemu.Path, TimeProvider.System).FailureAsync(), StringComparison.Ordinal);

        Assert.Empty(qemu.Calls);
    }

    [Fact]
    public async Task Failure_NoQemu_SaysSo()
    {
        await QemuAsync("exit 0");

        Assert.Contains("no-qemu", await new KvmProbe(Device, Path.Combine(_folder.Path, "no-qemu"), TimeProvider.System).FailureAsync(), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<FakeProgram> QemuAsync(string script)
    {
        await File.WriteAllTextAsync(Device, "");
        return await FakeProgram.WriteAsync(_folder.Path, "qemu", script);
    }
}
