using Ferry.Fixup.Guests.Windows;
using Ferry.Fixup.Inspection;
using Ferry.Hives;

namespace Ferry.Fixup.Tests.Windows;

public sealed class WindowsInspectorTests
{
    [Theory]
    [InlineData("6.1", 7601, "Client", "Windows 7", "w7")]
    [InlineData("6.1", 7601, "Server", "Windows Server 2008 R2", "2k8R2")]
    [InlineData("6.2", 9200, "Client", "Windows 8", "w8")]
    [InlineData("6.2", 9200, "Server", "Windows Server 2012", "2k12")]
    [InlineData("6.3", 9600, "Client", "Windows 8.1", "w8.1")]
    [InlineData("6.3", 9600, "Server Core", "Windows Server 2012 R2", "2k12R2")]
    [InlineData("10.0", 19045, "Client", "Windows 10", "w10")]
    [InlineData("10.0", 14393, "Server", "Windows Server 2016", "2k16")]
    [InlineData("10.0", 17763, "Server", "Windows Server 2019", "2k19")]
    [InlineData("10.0", 20348, "Server Core", "Windows Server 2022", "2k22")]
    [InlineData("10.0", 22631, "Client", "Windows 11", "w11")]
    [InlineData("10.0", 26100, "Server", "Windows Server 2025", "2k25")]
    public async Task Inspect_Version_IsNamed(string version, int build, string installation, string name, string folder)
    {
        var guest = await WindowsDisk.Of(SyntheticSystem.Create(isWindows8: true), WindowsDisk.Software(version, build, installation)).InspectAsync();

        Assert.Equal((name, "x86_64"), (guest.PrettyName, guest.Architecture));
        Assert.Equal(folder, WindowsVersions.VirtioFolders(guest.Windows!)[0]);
    }

    [Theory]
    [InlineData(0x14C, "i386")]
    [InlineData(0xAA64, "aarch64")]
    public async Task Inspect_Architecture_IsThePrograms(int machine, string name) =>
        Assert.Equal(name, (await WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server"), (ushort)machine).InspectAsync()).Architecture);

    [Fact]
    public async Task Inspect_Adapter_HasItsSettings()
    {
        var guest = (await WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server")).InspectAsync()).Windows!;

        var adapter = Assert.Single(guest.Adapters);
        Assert.Equal(("Ethernet0", "000C29FE5501", false), (adapter.Alias, adapter.MacAddress, adapter.IsDhcp));
        Assert.Equal(["192.0.2.10"], adapter.Addresses);
        Assert.Equal(["255.255.255.0"], adapter.Masks);
        Assert.Equal(["192.0.2.1"], adapter.Gateways);
        Assert.Equal(["192.0.2.2", "192.0.2.3"], adapter.NameServers);
        Assert.Equal(SyntheticSystem.ControlSets, guest.ControlSets);
        Assert.True(guest.HasVmwareTools);
    }

    [Fact]
    public async Task Inspect_DirtyHiveWithoutLogs_IsRefusedByName()
    {
        var system = SyntheticSystem.Create(true);
        var dirty = system.Save().Content.ToArray();
        dirty[4]++;
        var disk = WindowsDisk.Of(system, WindowsDisk.Software("10.0", 17763, "Server"));
        await disk.Volume.ReplaceAsync(WindowsDisk.SystemFile, dirty, TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<GuestRefusedException>(() => disk.InspectAsync());

        Assert.Equal(HiveErrors.Dirty, Assert.Single(refused.Findings).Id);
    }

    [Fact]
    public async Task Inspect_DamagedHive_IsRefusedByName()
    {
        var disk = WindowsDisk.Of(SyntheticSystem.Create(true), WindowsDisk.Software("10.0", 17763, "Server"));
        await disk.Volume.ReplaceAsync(WindowsDisk.SystemFile, new byte[100], TestContext.Current.CancellationToken);

        var refused = await Assert.ThrowsAsync<GuestRefusedException>(() => disk.InspectAsync());

        Assert.Equal(HiveErrors.Truncated, Assert.Single(refused.Findings).Id);
    }

    [Fact]
    public async Task Inspect_NoHives_IsRefused() =>
        await Assert.ThrowsAsync<GuestRefusedException>(() => new WindowsInspector(new Ferry.Fixup.Volumes.GuestTree(new Volumes.MemoryVolume().File("/Windows/System32/cmd.exe", "x")))
            .InspectAsync("", TestContext.Current.CancellationToken));
}
