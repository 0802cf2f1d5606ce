using Ferry.Contracts.Machines;

namespace Ferry.Fixup.Tests.Windows;

public sealed class FallbackLoaderRuleTests
{
    private const string Esp = "/Windows/Temp";
    private const string Fallback = Esp + "/EFI/BOOT/BOOTX64.EFI";

    [Fact]
    public async Task Plan_NoFallback_IsACopyOfTheBootManager()
    {
        var disk = Disk();

        await disk.ConvertAsync(firmware: Firmware.Uefi, bootFolder: Esp);

        Assert.Equal("loader", disk.Volume.Text(Fallback));
    }

    [Fact]
    public async Task Plan_AnotherLoader_IsReplacedUnderItsName()
    {
        var disk = Disk().Add(Esp + "/EFI/Boot/bootx64.efi", "other"u8.ToArray());

        await disk.ConvertAsync(firmware: Firmware.Uefi, bootFolder: Esp);

        Assert.Equal("loader", disk.Volume.Text(Esp + "/EFI/Boot/bootx64.efi"));
    }

    [Fact]
    public async Task Plan_Bios_WritesNone()
    {
        var disk = Disk();

        Assert.DoesNotContain((await disk.ConvertAsync(bootFolder: Esp)).Edits, e => e.Path.Contains("EFI", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plan_NoSystemPartition_IsAFinding() =>
        Assert.Contains((await WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server")).PlanAsync(firmware: Firmware.Uefi)).Findings, f => f.Id == "GUEST_BOOT_FILES");

    private static WindowsDisk Disk() =>
        WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server"))
            .Add(Esp + "/EFI/Microsoft/Boot/BCD", BootStoreRuleTests.Store("\\Windows\\system32\\winload.efi")).Add(Esp + "/EFI/Microsoft/Boot/bootmgfw.efi", "loader"u8.ToArray());
}
