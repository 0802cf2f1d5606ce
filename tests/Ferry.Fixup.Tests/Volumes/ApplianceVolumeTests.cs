using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Tests.Engine;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Tests.Volumes;

/// <summary>What the appliance really does to a file system; read back without it.</summary>
public sealed class ApplianceVolumeTests
{
    private const string Etc = "system_u:object_r:etc_t:s0";
    private const string Shadow = "system_u:object_r:shadow_t:s0";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ReplacedFile_KeepsOwnerModeAndLabel_AndANewOneIsLabelled()
    {
        SampleGuest.Disk();
        using var scratch = new ScratchFolder();
        var disk = await EnforcingGuestAsync(scratch.Path);
        await using (var session = await ApplianceSession.StartAsync(SampleGuest.Options(), scratch.Path, [new ApplianceDisk(disk, "raw", false)], Acceleration.Tcg, TimeProvider.System, Token))
        {
            await session.CallAsync("mount", ["rw", "/dev/sda", "/"], Token);
            var volume = new ApplianceVolume(session);
            await volume.ReplaceAsync("/etc/shadow", "longer than it was before\n"u8.ToArray(), Token);
            await volume.CreateAsync("/etc/made", "new\n"u8.ToArray(), 0x180, owner: 0, group: 0, Token);
            await new GuestLabels(new GuestTree(volume)).LabelAsync("/etc/made", Token);
            await session.ShutdownAsync(Token);
        }

        Assert.Equal("longer than it was before\n", await DebugAsync(disk, "cat /etc/shadow"));
        var status = await DebugAsync(disk, "stat /etc/shadow");
        Assert.Matches("Mode: +0640", status);
        Assert.Matches("User: +1000 +Group: +42", status);
        Assert.Contains(Shadow, await DebugAsync(disk, "ea_get /etc/shadow security.selinux"), StringComparison.Ordinal);
        Assert.Contains(Etc, await DebugAsync(disk, "ea_get /etc/made security.selinux"), StringComparison.Ordinal);
        await SampleGuest.RunAsync("e2fsck", "-fn", disk);
    }

    private static async Task<string> EnforcingGuestAsync(string folder)
    {
        var tree = Directory.CreateDirectory(Path.Combine(folder, "tree", "etc", "selinux")).Parent!.Parent!.FullName;
        await File.WriteAllTextAsync(Path.Combine(tree, "etc/selinux/config"), "SELINUX=enforcing\n", Token);
        await File.WriteAllTextAsync(Path.Combine(tree, "etc/shadow"), "short\n", Token);
        var disk = Path.Combine(folder, "guest.raw");
        await SampleGuest.RunAsync("truncate", "-s", "32M", disk);
        await SampleGuest.RunAsync("mke2fs", "-q", "-t", "ext4", "-d", tree, disk);
        string[] commands = ["sif /etc/shadow mode 0100640", "sif /etc/shadow uid 1000", "sif /etc/shadow gid 42", $"ea_set /etc security.selinux {Etc}", $"ea_set /etc/shadow security.selinux {Shadow}"];
        foreach (var command in commands)
        {
            await SampleGuest.RunAsync("debugfs", "-w", "-R", command, disk);
        }

        return disk;
    }

    private static async Task<string> DebugAsync(string disk, string command) =>
        string.Join('\n', (await SampleGuest.RunAsync("debugfs", "-R", command, disk)).Split('\n').Where(line => !line.StartsWith("debugfs ", StringComparison.Ordinal)));
}
