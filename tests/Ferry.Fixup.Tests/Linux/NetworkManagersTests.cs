using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Tests.Volumes;

namespace Ferry.Fixup.Tests.Linux;

/// <summary>One adapter, named by each network manager's own configuration.</summary>
public sealed class NetworkManagersTests
{
    private const string Mac = "00:0c:29:fe:55:01";

    [Theory]
    [InlineData("/etc/network/interfaces", "iface ens192 inet static\n  address 192.0.2.2/24\n")]
    [InlineData("/etc/network/interfaces.d/lan", "iface ens192 inet static\n")]
    [InlineData("/etc/netplan/01.yaml", "network:\n  ethernets:\n    ens192:\n      addresses: [192.0.2.2/24]\n")]
    [InlineData("/etc/sysconfig/network-scripts/ifcfg-ens192", "DEVICE=\"ens192\"\nBOOTPROTO=none\nIPADDR=192.0.2.2\n")]
    [InlineData("/etc/sysconfig/network-scripts/ifcfg-lan", "DEVICE=ens192\nHWADDR=00:0C:29:FE:55:01\n")]
    [InlineData("/etc/sysconfig/network/ifcfg-ens192", "BOOTPROTO='static'\nIPADDR='192.0.2.2/24'\n")]
    [InlineData("/etc/NetworkManager/system-connections/lan.nmconnection", "[connection]\ntype=ethernet\ninterface-name=ens192\n[ipv4]\nmethod=manual\naddress1=192.0.2.2/24,192.0.2.1\n")]
    [InlineData("/etc/systemd/network/lan.network", "[Match]\nName=ens192\n[Network]\nAddress=192.0.2.2/24\n")]
    public async Task Plan_Name_IsPinnedAndTheConfigurationStays(string file, string text)
    {
        var volume = new MemoryVolume().File(file, text);
        await RuleRun.RunAsync(new NicNamesRule(), volume);

        Assert.Equal(text, volume.Text(file));
        Assert.Contains($"MACAddress={Mac}\nType=ether\n\n[Link]\nName=ens192\n", volume.Text("/etc/systemd/network/10-ferry-ens192.link"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/etc/sysconfig/network-scripts/ifcfg-lo", "DEVICE=lo\n")]
    [InlineData("/etc/sysconfig/network-scripts/ifcfg-bond0", "DEVICE=bond0\nTYPE=Bond\n")]
    [InlineData("/etc/sysconfig/network-scripts/ifcfg-ens192.bak", "DEVICE=ens192\n")]
    [InlineData("/etc/sysconfig/network/routes", "default 192.0.2.1\n")]
    [InlineData("/etc/NetworkManager/system-connections/any", "[connection]\ntype=ethernet\n")]
    [InlineData("/etc/NetworkManager/system-connections/wifi", "[connection]\ntype=wifi\ninterface-name=ens192\n")]
    [InlineData("/etc/systemd/network/any.network", "[Match]\nName=en*\n")]
    public async Task Plan_NothingNamed_NothingIsPinned(string file, string text) => Assert.False((await RuleRun.RunAsync(new NicNamesRule(), new MemoryVolume().File(file, text))).Applies);

    [Fact]
    public async Task Plan_Azure_PinsTheSyntheticAdapter()
    {
        var volume = new MemoryVolume().File("/etc/sysconfig/network-scripts/ifcfg-eth0", "DEVICE=eth0\n");
        await RuleRun.RunAsync(new NicNamesRule(), volume, "azure");

        Assert.Contains("Driver=hv_netvsc", volume.Text("/etc/systemd/network/10-ferry-eth0.link"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_BeforeSystemd_IsPinnedByARuleOfUdev()
    {
        const string rules = "/etc/udev/rules.d/70-persistent-net.rules";
        const string stale = "SUBSYSTEM==\"net\", ATTR{address}==\"00:50:56:00:00:01\", NAME=\"eth0\"";
        var volume = new MemoryVolume().File("/sbin/udevd", "").File("/etc/sysconfig/network-scripts/ifcfg-eth0", "DEVICE=eth0\n").File(rules, $"# udev\n{stale}\n");
        await RuleRun.RunAsync(new NicNamesRule(), volume);

        Assert.Equal(
            $"# udev\n# ferry: this adapter is not in the machine: {stale}\nSUBSYSTEM==\"net\", ACTION==\"add\", ATTR{{address}}==\"{Mac}\", ATTR{{type}}==\"1\", NAME=\"eth0\"\n",
            volume.Text(rules));
    }

    [Fact]
    public void Match_OneNameIsKnown_TheOtherIsTheOneThatIsLeft()
    {
        var (pairs, problem) = AdapterNames.Match([("eth0", "000000000001"), ("eth1", null)], ["000000000002", "000000000001"]);

        Assert.Null(problem);
        Assert.Equal([("eth0", "000000000001"), ("eth1", "000000000002")], pairs);
    }

    [Fact]
    public void Ini_SectionsAndComments_AreRead() =>
        Assert.Equal([("a", "x", "1"), ("a", "y", ""), ("b", "x", "2=3")], IniText.Read("# c\n[a]\nx = 1\ny=\n; z=1\nnonsense\n[b]\nx=2=3\n"));
}
