using System.Diagnostics;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Tests.Engine;

/// <summary>Guests that mean harm, through the real appliance: bounded time and memory, a finding, and nothing happens to the host.</summary>
public sealed class HostileGuestTests
{
    private const long MostAllocated = 128L << 20;
    private static readonly TimeSpan MostTime = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Where file systems of a kind have their superblock, and what makes them.</summary>
    public static TheoryData<string, int, int> FileSystems => new()
    {
        { "/usr/sbin/mkfs.ext4 -q -F", 1024, 2048 },
        { "/usr/sbin/mkfs.xfs -q", 0, 512 },
        { "/usr/sbin/mkfs.btrfs -q", 0x10000, 0x11000 },
        { "/usr/sbin/mkfs.fat -F 32", 0, 512 },
        { "/usr/sbin/mkntfs -q -Q -F", 0, 512 },
    };

    [Fact]
    public async Task LinksOutOfTheRoot_LeadIntoTheGuest_AndTheHostStaysAsItIs()
    {
        SampleGuest.Disk();
        using var scratch = new ScratchFolder();
        var host = Directory.CreateDirectory(Path.Combine(scratch.Path, "host")).FullName;
        await File.WriteAllTextAsync(Path.Combine(host, "grub"), "the host's", Token);
        var disk = await HostileDisk.LinuxAsync(scratch.Path, root =>
        {
            // The places are there in the guest, too: what the rules write has to end up there.
            HostileDisk.Write(root, host[1..] + "/grub", "GRUB_CMDLINE_LINUX=\"root=/dev/sda1\"\n");
            Relink(root, "etc/default/grub", "../../../../../../../.." + host + "/grub");
            Relink(root, "etc/systemd/network", host);
        });

        var result = await RunAsync(scratch, disk);

        Assert.True(result.Applied);
        Assert.Contains(result.Plan!.Changes, change => change.Rule == "linux-nic-names");
        Assert.Equal(["grub"], Directory.EnumerateFileSystemEntries(host).Select(Path.GetFileName));
        Assert.Equal("the host's", await File.ReadAllTextAsync(Path.Combine(host, "grub"), Token));
        Assert.Contains("MACAddress=", await InGuestAsync(disk, host + "/10-ferry-ens192.link"), StringComparison.Ordinal);
        Assert.Contains("root=UUID=", await InGuestAsync(disk, host + "/grub"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task LinksInACircle_AreAFinding()
    {
        SampleGuest.Disk();
        using var scratch = new ScratchFolder();
        var disk = await HostileDisk.LinuxAsync(scratch.Path, root =>
        {
            Relink(root, "etc/fstab", "fstab.d/fstab");
            Relink(root, "etc/fstab.d", "fstab");
        });

        var thrown = await Assert.ThrowsAsync<GuestRefusedException>(() => RunAsync(scratch, disk));

        Assert.Equal("GUEST_FILE_UNUSABLE", thrown.Findings[0].Id);
        Assert.Contains("symbolic links", thrown.Findings[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Tier", "all")]
    [InlineData("etc/fstab")]
    [InlineData("etc/network/interfaces")]
    [InlineData("boot/grub/grub.cfg")]
    [InlineData("lib/modules/6.1.0/modules.dep")]
    public async Task FileOfAGibibyte_IsAFinding_AndNotRead(string file)
    {
        SampleGuest.Disk();
        using var scratch = new ScratchFolder();
        var disk = await HostileDisk.LinuxAsync(scratch.Path, root =>
        {
            using var stream = File.OpenWrite(Path.Combine(root, file));
            stream.SetLength(1L << 30);
        });
        var before = GC.GetTotalAllocatedBytes();

        var thrown = await Assert.ThrowsAsync<GuestRefusedException>(() => RunAsync(scratch, disk));

        Assert.Contains(thrown.Findings, finding => finding.Id == "GUEST_FILE_UNUSABLE" && finding.Message.Contains("1073741824 bytes", StringComparison.Ordinal));
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, MostAllocated);
    }

    [Theory]
    [Trait("Tier", "all")]
    [MemberData(nameof(FileSystems))]
    public async Task FuzzedSuperblocks_EndInAFinding(string make, int from, int to)
    {
        SampleGuest.Disk();
        Assert.SkipUnless(File.Exists(make.Split(' ')[0]), $"{make.Split(' ')[0]} is not installed");
        var seed = Environment.GetEnvironmentVariable("FERRY_TEST_SEED") is { Length: > 0 } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : 1;
        TestContext.Current.TestOutputHelper?.WriteLine($"FERRY_TEST_SEED={seed}");
        using var scratch = new ScratchFolder();
        var random = new Random(seed);
        var disks = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            disks.Add(Path.Combine(scratch.Path, $"{i}.raw"));
            await HostileDisk.FuzzedAsync(disks[i], make.Split(' '), from..to, random);
        }

        var before = GC.GetTotalAllocatedBytes();

        var thrown = await Record.ExceptionAsync(() => RunAsync(scratch, [.. disks]));

        // Nothing on the disks is a system. That the appliance's kernel gives up is an end, too: it is the one that is meant to be broken.
        Assert.True(thrown is GuestRefusedException or ApplianceException or GuestVolumeException or GuestfsException, thrown?.ToString() ?? "A system was found.");
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, MostAllocated);
    }

    private static async Task<FixupResult> RunAsync(ScratchFolder scratch, params string[] disks)
    {
        var request = new FixupRequest
        {
            Target = HostileDisk.Target(disks.Length),
            Disks = [.. disks.Select(disk => new ApplianceDisk(disk, "raw", ReadOnly: false))],
            Scratch = scratch.Path,
            Apply = true,
        };
        var watch = Stopwatch.StartNew();
        try
        {
            return await SampleGuest.Engine().RunAsync(request, Token);
        }
        finally
        {
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, MostTime);
        }
    }

    private static void Relink(string root, string path, string target)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Delete(file);
        File.CreateSymbolicLink(file, target);
    }

    private static Task<string> InGuestAsync(string disk, string path) => SampleGuest.RunAsync("/usr/sbin/debugfs", "-R", $"cat {path}", $"{disk}?offset={HostileDisk.Start}");
}
