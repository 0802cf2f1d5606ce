using Ferry.Hives;
using Ferry.Hives.ControlSets;

namespace Ferry.Fixup.Tests.Windows;

/// <summary>Real SYSTEM hives of machines that never ran on Hyper-V, through the planner and back, compared by hivexregedit.</summary>
public sealed class SampleSystemTests
{
    [Fact]
    [Trait("Tier", "all")]
    public async Task Convert_Windows7OfVMware_ChangesOnlyWhatThePlanSays() =>
        await ConvertAsync("SYSTEM", [], WindowsDisk.Software("6.1", 7601, "Client"), 0x14C, hasOverrides: false);

    [Fact]
    public async Task Convert_Windows10WithTwoLogs_ReplaysAndEmptiesThem() =>
        await ConvertAsync("SYSTEM_B", ["LOG1", "LOG2"], WindowsDisk.Software("10.0", 16299, "Client"), 0x8664, hasOverrides: true);

    [Fact]
    public async Task Convert_RealBootStoreForAzure_GetsTheConsoleAndKeepsItsDevices()
    {
        var bytes = await WindowsSamples.ReadAsync("BCD");
        const string Esp = "/Windows/Temp/EFI/Microsoft/Boot/";
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server")).Add(Esp + "BCD", bytes).Add(Esp + "bootmgfw.efi", [1]);

        var plan = await disk.ConvertAsync("azure", Contracts.Machines.Firmware.Uefi, "/Windows/Temp");

        var before = await WindowsDisk.ExportAsync(bytes, "\\");
        var after = await WindowsDisk.ExportAsync(disk.Bytes(Esp + "BCD"), "\\");
        var edited = plan.Rules.Single(r => r.Rule == "windows-boot-store").Registry.Select(r => $"\\{r.Key} {r.Value}").ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.NotEmpty(edited);
        Assert.All(edited, e => Assert.Contains(e, after.Keys, StringComparer.OrdinalIgnoreCase));
        Assert.Equal([], before.Where(b => !edited.Contains(b.Key) && after[b.Key] != b.Value));
        Assert.DoesNotContain(plan.Findings, f => f.Id == "FIRMWARE_MISMATCH");
    }

    private static async Task ConvertAsync(string name, string[] logNames, Hive software, ushort machine, bool hasOverrides)
    {
        var bytes = await WindowsSamples.ReadAsync(name);
        var logs = new List<HiveLog>();
        foreach (var log in logNames)
        {
            logs.Add(new HiveLog("SYSTEM." + log, await WindowsSamples.ReadAsync($"{name}.{log}")));
        }

        var source = Hive.Open(bytes, new HiveOpenOptions { Name = "SYSTEM", Logs = logs, DiscardUnreplayed = logs.Count == 0 });
        var clean = source.Save().Content.ToArray();
        var disk = logs.Count > 0 ? WindowsDisk.Of(bytes, logs, software, machine) : WindowsDisk.Of(clean, [], software, machine);
        var current = ControlSetList.Of(source).Current.Name;
        Assert.Equal(hasOverrides, source.Find($"{current}\\Services\\storvsc\\StartOverride") is not null);

        var plan = await disk.ConvertAsync();

        Assert.All(logs, log => Assert.Empty(disk.Bytes("/Windows/System32/config/" + log.Name)));
        var after = await WindowsHives.OnlyPlannedChangedAsync(clean, disk.Bytes(WindowsDisk.SystemFile), plan);
        foreach (var set in ControlSetList.Of(source).All.Select(s => s.Name))
        {
            Assert.All(["vmbus", "storvsc", "storflt", "intelide", "pciide", "atapi"], service =>
            {
                Assert.Equal("dword:00000000", after[$"\\{set}\\Services\\{service} Start"]);
                Assert.DoesNotContain($"\\{set}\\Services\\{service}\\StartOverride", after.Keys);
            });
        }
    }
}
