namespace Ferry.Fixup.Tests.Windows;

public sealed class ClassFiltersRuleTests
{
    private const string Disks = "Control\\Class\\{4d36e967-e325-11ce-bfc1-08002be10318}";

    [Fact]
    public async Task Plan_DanglingAndDisabledNames_AreRemovedInEveryControlSet()
    {
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server"));

        await disk.ConvertAsync();

        var hive = disk.OpenSystem();
        foreach (var set in SyntheticSystem.ControlSets)
        {
            Assert.Equal(["partmgr"], hive.Get($"{set}\\{Disks}").Value("UpperFilters")!.GetStrings());
            Assert.Equal(["EhStorClass"], hive.Get($"{set}\\{Disks}").Value("LowerFilters")!.GetStrings());

            // A list that becomes empty goes.
            Assert.Null(hive.Get($"{set}\\Control\\Class\\{{4d36e96a-e325-11ce-bfc1-08002be10318}}").Value("UpperFilters"));

            // The rule for VMware's tools has disabled vmmouse before.
            Assert.Equal(["mouclass"], hive.Get($"{set}\\Control\\Class\\{{4d36e96f-e325-11ce-bfc1-08002be10318}}").Value("UpperFilters")!.GetStrings());
        }
    }

    [Fact]
    public async Task Plan_FilterWhoseFileIsEmpty_IsRemoved()
    {
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server"));
        await disk.Volume.ReplaceAsync("/Windows/System32/drivers/EhStorClass.sys", default, TestContext.Current.CancellationToken);

        await disk.ConvertAsync();

        Assert.Null(disk.OpenSystem().Get($"ControlSet001\\{Disks}").Value("LowerFilters"));
    }
}
