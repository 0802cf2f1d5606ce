using System.Text;
using Ferry.Fixup.Guests.Linux.Initrd;
using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Engine;
using Ferry.Fixup.Tests.Volumes;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Tests.Linux;

public sealed class InitramfsConfigurationTests
{
    private static readonly RuleContext Context =
        new(RuleRun.Guest, new FixupTarget("hyperv", null, SampleGuest.Machine), TargetDrivers.For("hyperv")!, new GuestTree(new MemoryVolume()), "/nonexistent");

    [Fact]
    public void Edit_DevicesBlocksAndLvm_AreAsOnTheRoot()
    {
        var edited = Edit(new()
        {
            ["conf/conf.d/resume"] = "RESUME=/dev/sda1\n",
            ["etc/modprobe.d/b.conf"] = "blacklist hv_vmbus\n",
            ["etc/modprobe.d/c.conf"] = "blacklist floppy\n",
            ["etc/lvm/devices/system.devices"] = "IDTYPE=sys_wwid IDNAME=x\n",
            ["etc/lvm/lvm.conf"] = "devices {\nfilter = [\"a|sda2|\"]\n}\n",
        });

        Assert.Equal("RESUME=UUID=5555-1\n", edited["conf/conf.d/resume"]);
        Assert.StartsWith("#", edited["etc/modprobe.d/b.conf"], StringComparison.Ordinal);
        Assert.Equal("devices {\n\tuse_devicesfile = 0\nfilter = [ \"a|.*|\" ]\n}\n", edited["etc/lvm/lvm.conf"]);
        Assert.Equal(3, edited.Count);
        Assert.Empty(Edit(edited));
    }

    [Fact]
    public void Edit_NothingThere_Nothing() => Assert.Empty(Edit([]));

    private static Dictionary<string, string> Edit(Dictionary<string, string> texts) =>
        InitramfsConfiguration.Edit(Context, new InitrdContents("lib/modules/1", new HashSet<string>(), 0, texts)).ToDictionary(f => f.Key, f => Encoding.Latin1.GetString(f.Value));
}
