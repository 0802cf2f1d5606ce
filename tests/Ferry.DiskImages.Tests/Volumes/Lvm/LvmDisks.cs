using System.Globalization;
using System.Text.RegularExpressions;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Lvm;

/// <summary>Physical volumes in images, made by lvm2 on loop devices; it needs no device mapper as nothing is activated. Skips visibly without the rights for that.</summary>
internal sealed partial class LvmDisks : IAsyncDisposable
{
    private readonly List<string> _devices = [];

    private LvmDisks()
    {
    }

    /// <summary>The devices, in the order of the images.</summary>
    public IReadOnlyList<string> Devices => _devices;

    /// <summary>Attaches ranges of images.</summary>
    public static async Task<LvmDisks> AttachAsync(params (string Path, long Offset, long Length)[] images)
    {
        Tool.Require("lvm");
        if (Environment.UserName != "root")
        {
            Assert.Skip("Loop devices need root.");
        }

        var disks = new LvmDisks();
        foreach (var (path, offset, length) in images)
        {
            var (code, output) = await Tool.TryRunAsync("losetup", "-f", "--show", "-o", $"{offset}", "--sizelimit", $"{length}", path);
            if (code != 0)
            {
                await disks.DisposeAsync();
                Assert.Skip($"No loop device can be had: {output.Trim()}");
            }

            disks._devices.Add(output.Trim());
        }

        return disks;
    }

    /// <summary>Runs a command of lvm2 that sees these devices alone, and leaves the machine's own state alone.</summary>
    public Task<string> RunAsync(string command, params string[] arguments)
    {
        var filter = string.Join(", ", _devices.Select(device => $"\"a|^{device}$|\"").Append("\"r|.*|\""));
        var config = $"devices {{ filter=[{filter}] use_devicesfile=0 }} global {{ use_lvmlockd=0 use_lvmpolld=0 locking_dir=\"{Path.GetTempPath()}\" }} "
            + "activation { monitoring=0 udev_sync=0 } backup { backup=0 archive=0 }";
        return Tool.RunAsync("env", ["LVM_SUPPRESS_FD_WARNINGS=1", "lvm", command, "--driverloaded", "n", "--config", config, .. arguments]);
    }

    /// <summary>Creates a logical volume that is neither activated nor zeroed.</summary>
    public Task CreateVolumeAsync(string group, string name, string size, params string[] more) =>
        RunAsync("lvcreate", ["-y", "-an", "-Zn", "-Wn", "-L", size, "-n", name, group, .. more]);

    /// <summary>Where the extents of a logical volume are, as lvm2 lists them: index of the device, first extent, number.</summary>
    public async Task<List<(int Device, long First, long Count)>> ListAsync(string volume)
    {
        var output = await RunAsync("lvs", "--noheadings", "-o", "seg_start_pe,seg_pe_ranges", "-O", "seg_start_pe", volume);
        return [.. Ranges().Matches(output).Select(match => (
            _devices.IndexOf(match.Groups[1].Value),
            long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture),
            long.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture) - long.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture) + 1))];
    }

    /// <summary>Where the first extent begins on each device.</summary>
    public async Task<long> FirstExtentAsync() => long.Parse(
        (await RunAsync("pvs", "--noheadings", "--nosuffix", "--units", "b", "-o", "pe_start")).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[0],
        CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        foreach (var device in _devices)
        {
            await Tool.TryRunAsync("losetup", "-d", device);
        }
    }

    [GeneratedRegex(@"(/dev/loop\d+):(\d+)-(\d+)")]
    private static partial Regex Ranges();
}
