using System.Diagnostics;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Planning;
using Microsoft.Extensions.Logging.Abstractions;

namespace Ferry.Fixup.Tests.Engine;

/// <summary>The sample machine's disk from the cache that samples/make-debian-vm keeps, on a throw-away layer.</summary>
internal static class SampleGuest
{
    public const string Mac = "000C29FE5501";

    private static string Cache =>
        Environment.GetEnvironmentVariable("FERRY_CACHE")
        ?? Path.Combine(Environment.GetEnvironmentVariable("XDG_CACHE_HOME") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"), "ferry");

    public static MachineDescription Machine { get; } = new()
    {
        Name = "debian-sample",
        Processors = 2,
        MemoryMiB = 1024,
        Firmware = Firmware.Bios,
        Disks = [new MachineDisk { Index = 0, Bus = "scsi", Controller = 0, Unit = 0, Image = "debian-sample.vmdk" }],
        Nics = [new MachineNic { Index = 0, MacAddress = Mac }],
    };

    public static FixupTarget Target { get; } = new("hyperv", null, Machine);

    /// <summary>The cached disk; skips the test visibly when it has not been built.</summary>
    public static string Disk()
    {
        var samples = Path.Combine(Cache, "samples");
        var disk = Directory.Exists(samples)
            ? Directory.EnumerateFiles(samples, "disk.raw", SearchOption.AllDirectories).Where(f => !f.Contains("partial", StringComparison.Ordinal)).OrderByDescending(File.GetLastWriteTimeUtc).FirstOrDefault()
            : null;
        Assert.SkipWhen(disk is null, "the sample guest has not been built (samples/make-debian-vm)");
        Assert.SkipUnless(File.Exists("/usr/lib/x86_64-linux-gnu/libguestfs.so.0"), "libguestfs is not installed");
        return disk!;
    }

    public static ApplianceOptions Options()
    {
        var options = new ApplianceOptions { ScratchRoot = "/tmp" };
        options.WorkerCommand.Add(Path.Combine(AppContext.BaseDirectory, "Ferry.Fixup"));
        return options;
    }

    public static FixupEngine Engine(FixupPlanner? planner = null)
    {
        var options = Options();
        var host = new HostAcceleration(options, new KvmProbe(KvmProbe.Device, KvmProbe.Hypervisor, TimeProvider.System), NullLogger<HostAcceleration>.Instance);
        return new FixupEngine(new ApplianceLauncher(options, host, TimeProvider.System), planner ?? new FixupPlanner());
    }

    public static async Task<string> LayerAsync(string disk, string folder)
    {
        var layer = Path.Combine(folder, "layer.qcow2");
        await RunAsync("qemu-img", "create", "-q", "-f", "qcow2", "-b", disk, "-F", "raw", layer);
        return layer;
    }

    public static async Task<(int Code, string Output)> TryRunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await error);
    }

    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (code, output) = await TryRunAsync(program, arguments);
        Assert.True(code == 0, $"{program}: {output}");
        return output;
    }
}
