using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Engine;
using Ferry.Fixup.Tests.Volumes;

namespace Ferry.Fixup.Tests.Linux;

public sealed class ConsoleRuleTests
{
    private const string Serial = "console=tty0 console=ttyS0,115200 earlyprintk=ttyS0,115200 rootdelay=300";

    [Theory]
    [InlineData("azure", "/boot/grub/grub.cfg", "\tlinux /vmlinuz root=UUID=1 ro quiet splash", "\tlinux /vmlinuz root=UUID=1 ro " + Serial)]
    [InlineData("azure", "/boot/grub/grub.cfg", "\tlinux16 /memtest.bin", "\tlinux16 /memtest.bin")]
    [InlineData("azure", "/boot/loader/entries/a.conf", "options root=UUID=1 rhgb console=ttyS0,9600", "options root=UUID=1 console=ttyS0,9600 earlyprintk=ttyS0,115200 rootdelay=300")]
    [InlineData("azure", "/boot/loader/entries/a.conf", "options $kernelopts", "options $kernelopts")]
    [InlineData("azure", "/etc/default/grub", "GRUB_CMDLINE_LINUX_DEFAULT=\"quiet\"\nGRUB_CMDLINE_LINUX=\"\"", "GRUB_CMDLINE_LINUX_DEFAULT=\"\"\nGRUB_CMDLINE_LINUX=\"" + Serial + "\"")]
    [InlineData("azure", "/etc/default/grub", "GRUB_CMDLINE_LINUX=\"crashkernel=auto rhgb quiet\"", "GRUB_CMDLINE_LINUX=\"crashkernel=auto " + Serial + "\"")]
    [InlineData("hyperv", "/boot/grub/grub.cfg", "linux /vmlinuz root=UUID=1 ro quiet", "linux /vmlinuz root=UUID=1 ro quiet")]
    [InlineData("hyperv", "/boot/grub/menu.lst", "kernel /vmlinuz root=UUID=1 console=hvc0 ro", "kernel /vmlinuz root=UUID=1 ro")]
    public async Task Plan_CommandLines_AreEdited(string platform, string file, string before, string after)
    {
        var volume = new MemoryVolume().File(file, before);
        await RuleRun.RunAsync(new ConsoleRule(), volume, platform);

        Assert.Equal(after, volume.Text(file));
    }

    [Fact]
    public void Handles_Kvm_Not() => Assert.False(new ConsoleRule().Handles(RuleRun.Guest, new FixupTarget("kvm", null, SampleGuest.Machine)));
}
