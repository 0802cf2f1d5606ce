using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Tests.Volumes;

namespace Ferry.Fixup.Tests.Linux;

public sealed class GrubUuidRuleTests
{
    [Theory]
    [InlineData("/boot/grub/grub.cfg", "  linux /vmlinuz root=/dev/sda2 ro", "  linux /vmlinuz root=UUID=5555-2 ro")]
    [InlineData("/boot/grub2/grub.cfg", "\tlinux16 /vmlinuz root=/dev/sda2 ro", "\tlinux16 /vmlinuz root=UUID=5555-2 ro")]
    [InlineData("/boot/grub2/grub.cfg", "  set kernelopts=\"root=/dev/sda2 ro \"", "  set kernelopts=\"root=UUID=5555-2 ro \"")]
    [InlineData("/boot/efi/EFI/centos/grub.cfg", "linuxefi /vmlinuz root=/dev/sda2", "linuxefi /vmlinuz root=UUID=5555-2")]
    [InlineData("/boot/efi/EFI/debian/grub.cfg", "configfile $prefix/grub.cfg", "configfile $prefix/grub.cfg")]
    [InlineData("/boot/loader/entries/a.conf", "title root=/dev/sda2\noptions root=/dev/sda2 ro resume=/dev/sda1", "title root=/dev/sda2\noptions root=UUID=5555-2 ro resume=UUID=5555-1")]
    [InlineData("/boot/loader/entries/a.conf", "options $kernelopts", "options $kernelopts")]
    [InlineData("/boot/grub/menu.lst", "# kopt=root=/dev/sda2\n\tkernel /vmlinuz ro root=/dev/hda2 quiet", "# kopt=root=/dev/sda2\n\tkernel /vmlinuz ro root=UUID=5555-2 quiet")]
    [InlineData("/boot/grub/grub.conf", "root (hd0,0)\nkernel /vmlinuz root=/dev/sda2", "root (hd0,0)\nkernel /vmlinuz root=UUID=5555-2")]
    [InlineData("/etc/default/grub", "GRUB_CMDLINE_LINUX='root=/dev/sda2'\nGRUB_DISABLE_LINUX_UUID=true", "GRUB_CMDLINE_LINUX='root=UUID=5555-2'\n#GRUB_DISABLE_LINUX_UUID=true")]
    [InlineData("/etc/kernel/cmdline", "root=/dev/sda2 ro\n", "root=UUID=5555-2 ro\n")]
    public async Task Plan_CommandLines_AreEditedWhereTheyStand(string file, string before, string after)
    {
        var volume = new MemoryVolume().File(file, before);
        var plan = await RuleRun.RunAsync(new GrubUuidRule(), volume);

        Assert.Equal(after, volume.Text(file));
        Assert.Equal(before != after, plan.Applies);
    }

    [Fact]
    public async Task Plan_EnvironmentBlock_KeepsItsSize()
    {
        var volume = new MemoryVolume().File("/boot/grub2/grubenv", Block("saved_entry=x\nkernelopts=root=/dev/sda2 ro \nboot_success=0\n"));
        await RuleRun.RunAsync(new GrubUuidRule(), volume);

        Assert.Equal(Block("saved_entry=x\nkernelopts=root=UUID=5555-2 ro \nboot_success=0\n"), volume.Text("/boot/grub2/grubenv"));
    }

    [Theory]
    [InlineData("no block")]
    [InlineData("# GRUB Environment Block\nkernelopts=root=/dev/sda2\n###")]
    public async Task Plan_WhatIsNoEnvironmentBlock_Stays(string text) =>
        Assert.False((await RuleRun.RunAsync(new GrubUuidRule(), new MemoryVolume().File("/boot/grub2/grubenv", text))).Applies);

    [Fact]
    public void Environment_ThatWouldNoLongerFit_Stays()
    {
        var block = Block("kernelopts=root=/dev/sda2 " + new string('x', 960) + "\n");

        Assert.Equal(block, GrubEnvironment.Edit(block, l => l + "0123456789012345678901234567890123456789").Text);
    }

    [Fact]
    public async Task Plan_LinkedFile_IsEditedOnce()
    {
        var volume = new MemoryVolume().File("/etc/default/grub", "GRUB_CMDLINE_LINUX=\"root=/dev/sda2\"").Link("/etc/sysconfig/grub", "../default/grub")
            .File("/boot/grub/grub.conf", "kernel /x root=/dev/sda2").Link("/boot/grub/menu.lst", "grub.conf");
        var plan = await RuleRun.RunAsync(new GrubUuidRule(), volume);

        Assert.Equal(["/boot/grub/grub.conf", "/etc/default/grub"], plan.Edits.Select(e => e.Path).Order());
    }

    private static string Block(string lines) => ("# GRUB Environment Block\n" + lines).PadRight(GrubEnvironment.Size, '#');
}
