using Ferry.Contracts.Machines;
using Ferry.Hives;
using Ferry.Hives.Bcd;

namespace Ferry.Fixup.Tests.Windows;

public sealed class BootStoreRuleTests
{
    private const string File = "/Boot/BCD";
    private const string Loader = "{11111111-0000-0000-0000-000000000001}";
    private static readonly Guid Ems = new("0ce4991b-e6b3-4b16-b23c-5e0d9250e5d9");

    [Fact]
    public async Task Plan_Azure_HasTheSerialConsole()
    {
        var disk = Disk("\\Windows\\system32\\winload.exe");

        await disk.ConvertAsync("azure");

        var read = await WindowsDisk.ExportAsync(disk.Bytes(File), "\\Objects");
        Assert.Equal("hex(3):01", read["\\Objects\\{9dea862c-5cdd-4e70-acc1-f32b344d4795}\\Elements\\16000020 Element"]);
        Assert.Equal("hex(3):01", read[$"\\Objects\\{Loader}\\Elements\\260000b0 Element"]);
        Assert.Equal("hex(3):01,00,00,00,00,00,00,00", read["\\Objects\\{0ce4991b-e6b3-4b16-b23c-5e0d9250e5d9}\\Elements\\15000022 Element"]);
        Assert.Equal("hex(3):00,c2,01,00,00,00,00,00", read["\\Objects\\{0ce4991b-e6b3-4b16-b23c-5e0d9250e5d9}\\Elements\\15000023 Element"]);
    }

    [Theory]
    [InlineData("hyperv")]
    [InlineData("kvm")]
    public async Task Plan_OtherTargets_LeaveTheStoreAsItIs(string platform) =>
        Assert.DoesNotContain((await Disk("\\Windows\\system32\\winload.exe").ConvertAsync(platform)).HiveFiles, f => f.Path == File);

    [Theory]
    [InlineData("\\Windows\\system32\\winload.exe", Firmware.Bios, false)]
    [InlineData("\\Windows\\system32\\winload.efi", Firmware.Bios, true)]
    [InlineData("\\Windows\\system32\\winload.exe", Firmware.Uefi, true)]
    public async Task Plan_LoaderOfTheOtherFirmware_IsAFinding(string path, Firmware firmware, bool isFound) =>
        Assert.Equal(isFound, (await Disk(path).PlanAsync(firmware: firmware)).Findings.Any(f => f.Id == "FIRMWARE_MISMATCH"));

    [Fact]
    public async Task Plan_NoStore_IsAFinding() =>
        Assert.Contains((await WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server")).PlanAsync()).Findings, f => f.Id == "GUEST_BOOT_FILES");

    internal static byte[] Store(string loaderPath)
    {
        var hive = Hive.Create(3);
        hive.Root.Create("Objects");
        var store = BcdStore.Of(hive);
        store.Create(BcdStore.BootManagerId, BcdObjectTypes.BootManager).SetObject(BcdElementIds.DefaultObject, new Guid(Loader));
        store.Create(new Guid(Loader), BcdObjectTypes.OsLoader).SetString(BcdElementIds.ApplicationPath, loaderPath);
        store.Create(Ems, 0x20100000);
        return hive.Save().Content.ToArray();
    }

    private static WindowsDisk Disk(string loaderPath) => WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server")).Add(File, Store(loaderPath));
}
