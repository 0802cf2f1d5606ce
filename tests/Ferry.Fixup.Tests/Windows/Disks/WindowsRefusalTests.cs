using System.Security.Cryptography;
using System.Text;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Tests.Engine;

namespace Ferry.Fixup.Tests.Windows.Disks;

/// <summary>Disks that are refused by the real appliance, and are left as they were.</summary>
[Trait("Tier", "all")]
public sealed class WindowsRefusalTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("HIBR")]
    [InlineData("hibr")]
    [InlineData("RSTR")]
    public async Task Run_Hibernated_IsRefused(string start) =>
        Assert.Contains("GUEST_HIBERNATED", await RefusedAsync(WindowsDiskLayout.Mbr, d => d.Add("/hiberfil.sys", Encoding.ASCII.GetBytes(start + new string('x', 8192)))));

    [Theory]
    [InlineData(WindowsDiskLayout.MbrDynamic)]
    [InlineData(WindowsDiskLayout.GptDynamic)]
    public async Task Run_DynamicDisk_IsRefused(WindowsDiskLayout layout) => Assert.Contains("GUEST_DYNAMIC_DISK", await RefusedAsync(layout, d => d));

    [Fact]
    public async Task Run_TwoSystems_IsRefused() =>
        Assert.Contains("GUEST_SEVERAL_ROOTS", await RefusedAsync(WindowsDiskLayout.Mbr, d => d, new() { ["/Windows/System32/config/SYSTEM"] = [1], ["/Boot/BCD"] = [1] }));

    [Theory]
    [InlineData("wake")]
    [InlineData("\0\0\0\0")]
    public async Task Run_HibernationThatWasResumed_IsFixedUp(string start)
    {
        using var scratch = new ScratchFolder();
        var disk = await BuildAsync(scratch, WindowsDiskLayout.Mbr, d => d.Add("/hiberfil.sys", Encoding.ASCII.GetBytes(start + new string('x', 8192))), []);

        Assert.True((await new WindowsDiskRun(disk, scratch, output).RunAsync("hyperv", Firmware.Bios)).Applied);
    }

    private static async Task<WindowsDiskImage> BuildAsync(ScratchFolder scratch, WindowsDiskLayout layout, Func<WindowsDisk, WindowsDisk> change, Dictionary<string, byte[]> boot)
    {
        var files = change(WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server")).Add("/Windows/Temp/left.tmp", [1]));
        var disk = new WindowsDiskImage(scratch.Path);
        await disk.BuildAsync(layout, files.Volume.Files, boot);
        return disk;
    }

    private static async Task<byte[]> DigestAsync(WindowsDiskImage disk)
    {
        await using var stream = File.OpenRead(disk.Path);
        return await SHA256.HashDataAsync(stream, TestContext.Current.CancellationToken);
    }

    private async Task<IEnumerable<string>> RefusedAsync(WindowsDiskLayout layout, Func<WindowsDisk, WindowsDisk> change, Dictionary<string, byte[]>? boot = null)
    {
        using var scratch = new ScratchFolder();
        var disk = await BuildAsync(scratch, layout, change, boot ?? []);
        var before = await DigestAsync(disk);
        var firmware = layout == WindowsDiskLayout.GptDynamic ? Firmware.Uefi : Firmware.Bios;

        var refused = await Assert.ThrowsAsync<GuestRefusedException>(() => new WindowsDiskRun(disk, scratch, output).RunAsync("hyperv", firmware));

        Assert.Equal(before, await DigestAsync(disk));
        return refused.Findings.Select(f => f.Id);
    }
}
