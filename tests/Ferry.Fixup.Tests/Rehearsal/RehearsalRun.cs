using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Rehearsal;
using Ferry.Fixup.Rehearsal.Models;
using Ferry.Fixup.Rehearsal.Qemu;
using Ferry.Fixup.Tests.Engine;
using Ferry.Fixup.Tests.Job;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>A raw image rehearsed as a manifest: overlay, NBD, QEMU.</summary>
internal static class RehearsalRun
{
    public static RehearsalEngine Engine(RehearsalOptions? options = null)
    {
        var host = new HostAcceleration(SampleGuest.Options(), new KvmProbe(KvmProbe.Device, KvmProbe.Hypervisor, TimeProvider.System), NullLogger<HostAcceleration>.Instance);
        var chosen = options ?? new RehearsalOptions();
        return new RehearsalEngine(new QemuStarter(chosen, host, TimeProvider.System), chosen, TimeProvider.System);
    }

    public static async Task<RehearsalResult> RunAsync(string image, MachineDescription machine, DeviceModel model, RehearsalOptions? options = null, Action<string>? started = null, CancellationTokenSource? cancel = null)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/qemu-system-x86_64"), "QEMU is not installed");
        using var both = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken, cancel?.Token ?? CancellationToken.None);
        var token = both.Token;
        using var scratch = new ScratchFolder();
        using var chunks = new FolderChunkStore(Path.Combine(scratch.Path, "store"));
        var store = new ManifestStore(chunks);
        var origin = new RawOrigin(image);
        await using var disks = await MachineDisks.OpenAsync(store, origin, [await origin.ManifestAsync(store, token)], scratch.Path, token);
        var result = await Engine(options).RunAsync(
            new RehearsalRequest { Machine = machine, Model = model, Disks = [.. disks.Attached.Select(d => d.Place)], Scratch = scratch.Path, Passed = Passed },
            token);
        void Passed(string point)
        {
            if (point == "started")
            {
                started?.Invoke(scratch.Path);
            }
        }

        var written = TestContext.Current.TestOutputHelper;
        written?.WriteLine($"{result.Verdict} after {result.Duration.TotalSeconds:F1} s with {result.Acceleration}; screen {result.Screen?.Length}");
        result.SerialLines.ToList().ForEach(line => written?.WriteLine(line));
        if (Environment.GetEnvironmentVariable("FERRY_KEEP_SCREEN") is { } keep && result.Screen is not null)
        {
            await File.WriteAllBytesAsync(keep, result.Screen, token);
        }

        return result;
    }
}
