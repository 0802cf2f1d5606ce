using System.Security.Cryptography;
using System.Text;
using Ferry.TestServices;

[assembly: AssemblyFixture(typeof(Ferry.EndToEnd.Tests.Guests.GuestLab))]

namespace Ferry.EndToEnd.Tests.Guests;

/// <summary>
/// The guests of the table, made once and kept under <c>FERRY_CACHE</c> by the hash of what they are made with: one base from Debian's archive for all, a disk for each, and
/// which units fail when it is started at its source.
/// </summary>
public sealed class GuestLab : IAsyncDisposable
{
    private static readonly TimeSpan Keep = TimeSpan.FromDays(7);
    private static readonly string Scripts = Path.Combine(FerryRepository.Root, "tests", "Ferry.EndToEnd.Tests", "Guests");

    private readonly string cache = Path.Combine(FerryRepository.Cache, "guests");

    /// <summary>What the runs have come to.</summary>
    internal GuestTable Table { get; } = new();

    /// <summary>The guest of a row; it is made when it is not there. Skips where that cannot be done.</summary>
    internal async Task<SourceGuest> GuestAsync(GuestRow row)
    {
        Skip.If(BootedGuest.Missing ?? (row.IsUefi ? GuestDevices.MissingFirmware : null));
        Assert.SkipUnless(File.Exists(FerryRepository.Program), "ferry is not built: ./ferry --version");
        var baseKey = Key(await File.ReadAllTextAsync(Path.Combine(Scripts, "own-namespaces.sh")), await File.ReadAllTextAsync(Path.Combine(Scripts, "guest-base")));
        var archive = Path.Combine(cache, $"base-{baseKey}.tar.zst");
        string[] recipe = [row.Layout, row.Initramfs, row.Network, row.Tools];
        var folder = Path.Combine(cache, $"{row.Name}-{Key([baseKey, await File.ReadAllTextAsync(Path.Combine(Scripts, "guest-disk")), .. recipe])}");
        await using var one = await OnlyOneAsync();
        if (!Directory.Exists(folder))
        {
            Skip.If(WhyNotMade());
            if (!File.Exists(archive))
            {
                await Commands.ToolAsync(Path.Combine(Scripts, "guest-base"), archive);
            }

            await Commands.ToolAsync(Path.Combine(Scripts, "guest-disk"), [archive, folder, .. recipe]);
        }

        var failed = Path.Combine(folder, "failed-units");
        if (!File.Exists(failed))
        {
            await using var guest = await BootedGuest.StartAsync(Path.Combine(folder, "guest.vmdk"), "vmdk", GuestDevices.Source(row, folder));
            await guest.LogInAsync();
            await File.WriteAllTextAsync(failed, await guest.FailedUnitsAsync());
        }

        Directory.SetLastWriteTimeUtc(folder, TimeProvider.System.GetUtcNow().UtcDateTime);
        File.SetLastWriteTimeUtc(archive, TimeProvider.System.GetUtcNow().UtcDateTime);
        return new SourceGuest(folder, await File.ReadAllLinesAsync(failed));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Table.Write();
        if (Directory.Exists(cache))
        {
            var old = TimeProvider.System.GetUtcNow().UtcDateTime - Keep;
            Directory.EnumerateDirectories(cache).Where(path => Directory.GetLastWriteTimeUtc(path) < old).ToList().ForEach(path => Directory.Delete(path, recursive: true));
            Directory.EnumerateFiles(cache).Where(path => File.GetLastWriteTimeUtc(path) < old).ToList().ForEach(File.Delete);
        }

        return ValueTask.CompletedTask;
    }

    private static string Key(params string[] parts) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\0', parts))))[..16];

    private static string? WhyNotMade() => !Environment.IsPrivilegedProcess
        ? "making the guests needs root (debootstrap, chroot, mounts); run the tests once as root, later ones take them from FERRY_CACHE"
        : Skip.MissingFiles("debootstrap", "/usr/sbin/debootstrap") ?? Skip.MissingFiles("xfsprogs btrfs-progs lvm2 dosfstools mtools zstd", "/usr/sbin/mkfs.xfs", "/usr/sbin/mkfs.btrfs", "/usr/sbin/lvm", "/usr/sbin/mkfs.fat", "/usr/bin/mcopy", "/usr/bin/zstd")
            ?? (File.Exists("/dev/loop-control") ? null : "loop devices (/dev/loop-control), which the XFS, btrfs and LVM guests are made with");

    /// <summary>One test process at a time makes guests.</summary>
    private async Task<FileStream> OnlyOneAsync()
    {
        Directory.CreateDirectory(cache);
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(cache, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                await Task.Delay(500, TestContext.Current.CancellationToken);
            }
        }
    }
}
