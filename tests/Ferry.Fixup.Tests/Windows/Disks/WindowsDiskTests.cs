using System.Text;
using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Engine;
using Ferry.Hives;

namespace Ferry.Fixup.Tests.Windows.Disks;

/// <summary>Windows volumes on real NTFS through the real appliance, read back by ntfs-3g, mtools and hivexregedit.</summary>
public sealed class WindowsDiskTests(ITestOutputHelper output)
{
    private const string Config = "/Windows/System32/config/";
    private const string Loader = "/EFI/Microsoft/Boot/bootmgfw.efi";
    private static readonly byte[] BootManager = Encoding.ASCII.GetBytes("Windows' boot manager");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_Windows10WithDirtyHiveOnGpt_IsFixedUpAndNeedsNothingAfterwards()
    {
        using var scratch = new ScratchFolder();
        var logs = new List<HiveLog> { new("SYSTEM.LOG1", await WindowsSamples.ReadAsync("SYSTEM_B.LOG1")), new("SYSTEM.LOG2", await WindowsSamples.ReadAsync("SYSTEM_B.LOG2")) };
        var dirty = await WindowsSamples.ReadAsync("SYSTEM_B");
        var clean = Hive.Open(dirty, new HiveOpenOptions { Name = "SYSTEM", Logs = logs }).Save().Content.ToArray();
        var files = WindowsDisk.Of(dirty, logs, WindowsDisk.Software("10.0", 16299, "Client")).Add("/Windows/Temp/left.tmp", [1]);
        var disk = new WindowsDiskImage(scratch.Path);
        var boot = new Dictionary<string, byte[]> { ["/EFI/Microsoft/Boot/BCD"] = await WindowsSamples.ReadAsync("BCD"), [Loader] = BootManager };
        await disk.BuildAsync(WindowsDiskLayout.Gpt, files.Volume.Files, boot);

        var result = await RunAsync(scratch, disk, "hyperv", Firmware.Uefi);

        Assert.True(result.Applied);
        Assert.Equal("10.0.16299.0", result.Guest.Version);
        Assert.Equal("x86_64", result.Guest.Architecture);
        Assert.Equal("/Windows/Temp", Assert.Single(result.Guest.Mounts, m => m.FileSystem.Type == "vfat").Path);
        await disk.CheckAsync(WindowsDiskLayout.Gpt);
        Assert.Equal(BootManager, await disk.BootFileAsync("/EFI/BOOT/BOOTX64.EFI"));
        await disk.ReadAsync(async root =>
        {
            Assert.All(logs, l => Assert.Equal(0, new FileInfo(root + Config + l.Name).Length));
            Assert.Equal(dirty, await File.ReadAllBytesAsync($"{root}{Config}SYSTEM.pre-fixup", Token));
            await WindowsHives.OnlyPlannedChangedAsync(clean, await File.ReadAllBytesAsync($"{root}{Config}SYSTEM", Token), result.Plan!);
        });
        await IsDoneAsync(scratch, disk, "hyperv", Firmware.Uefi);
    }

    private async Task<FixupResult> RunAsync(ScratchFolder scratch, WindowsDiskImage disk, string platform, Firmware firmware, bool apply = true, FixupPlanner? planner = null)
    {
        var machine = SampleGuest.Machine with { Firmware = firmware };
        var request = new FixupRequest
        {
            Target = new FixupTarget(platform, null, machine),
            Disks = [new ApplianceDisk(disk.Path, "raw", ReadOnly: !apply)],
            Scratch = scratch.Path,
            Apply = apply,
        };
        try
        {
            var result = await SampleGuest.Engine(planner).RunAsync(request, Token);
            Tell(result.Findings);
            return result;
        }
        catch (GuestRefusedException e)
        {
            Tell(e.Findings);
            throw;
        }
    }

    private void Tell(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            output.WriteLine($"{finding.Severity} {finding.Id} {finding.Message}");
        }
    }

    private async Task IsDoneAsync(ScratchFolder scratch, WindowsDiskImage disk, string platform, Firmware firmware, FixupPlanner? planner = null)
    {
        var again = await RunAsync(scratch, disk, platform, firmware, apply: false, planner);
        Assert.Equal([], again.Plan!.Changes.Select(c => c.Summary));
        Assert.True(again.Plan.IsEmpty);
    }
}
