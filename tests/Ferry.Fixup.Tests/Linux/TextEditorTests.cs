using Ferry.Contracts;
using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Inspection;

namespace Ferry.Fixup.Tests.Linux;

public sealed class TextEditorTests
{
    private static readonly DeviceNames Devices = new(
        [new GuestDisk(0, "/dev/sda", 1 << 30, "msdos", false, false), new GuestDisk(1, "/dev/sdb", 1 << 30, "gpt", false, false)],
        [
            new GuestFileSystem("/dev/sda1", "swap", "5555-1", "", ""), new GuestFileSystem("/dev/sda2", "ext4", "5555-2", "rootfs", ""),
            new GuestFileSystem("/dev/sdb1", "xfs", "5555-3", "", ""), new GuestFileSystem("/dev/vg-a/root", "ext4", "5555-4", "", ""), new GuestFileSystem("/dev/sdb2", "ext4", "", "", ""),
        ]);

    [Theory]
    [InlineData("/dev/sda2 / ext4 defaults 0 1", "UUID=5555-2 / ext4 defaults 0 1")]
    [InlineData("  /dev/sda2\t/\text4\terrors=remount-ro 0 1 # root", "  UUID=5555-2\t/\text4\terrors=remount-ro 0 1 # root")]
    [InlineData("/dev/hda1 none swap sw 0 0", "UUID=5555-1 none swap sw 0 0")]
    [InlineData("/dev/xvdb1 /data xfs defaults", "UUID=5555-3 /data xfs defaults")]
    [InlineData("/dev/nvme1n1p1 /data xfs defaults", "UUID=5555-3 /data xfs defaults")]
    [InlineData("UUID=abc / ext4 defaults 0 1", "UUID=abc / ext4 defaults 0 1")]
    [InlineData("LABEL=x / ext4 defaults 0 1", "LABEL=x / ext4 defaults 0 1")]
    [InlineData("/dev/mapper/vg--a-root / ext4 defaults 0 1", "/dev/mapper/vg--a-root / ext4 defaults 0 1")]
    [InlineData("# /dev/sda2 / ext4 defaults 0 1", "# /dev/sda2 / ext4 defaults 0 1")]
    [InlineData("/dev/sr0 /media/cdrom0 udf,iso9660 user,noauto 0 0", "/dev/sr0 /media/cdrom0 udf,iso9660 user,noauto 0 0")]
    [InlineData("/dev/fd0 /media/floppy auto rw,user,noauto 0 0", "# ferry: not on this platform: /dev/fd0 /media/floppy auto rw,user,noauto 0 0")]
    [InlineData(".host:/ /mnt/hgfs fuse.vmhgfs-fuse allow_other 0 0", "# ferry: not on this platform: .host:/ /mnt/hgfs fuse.vmhgfs-fuse allow_other 0 0")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("", "")]
    public void Fstab_Lines_AreEdited(string before, string after)
    {
        var edit = FstabEditor.Edit("# head\n" + before + "\n", Devices);

        Assert.Equal("# head\n" + after + "\n", edit.Text);
        Assert.Equal(before == after ? 0 : 1, edit.Changes.Count);
        Assert.Empty(edit.Findings);
        Assert.Empty(FstabEditor.Edit(edit.Text, Devices).Changes);
    }

    [Theory]
    [InlineData("/dev/sdc1 /data ext4 defaults 0 2", FindingSeverity.Error)]
    [InlineData("/dev/sdc1 /data ext4 nofail 0 2", FindingSeverity.Warning)]
    [InlineData("/dev/sda2 / xfs defaults 0 2", FindingSeverity.Error)]
    [InlineData("/dev/sdb2 /x ext4 defaults 0 2", FindingSeverity.Error)]
    public void Fstab_DeviceThatCannotBeResolved_IsAFinding(string line, FindingSeverity severity)
    {
        var edit = FstabEditor.Edit(line, Devices);

        Assert.Equal(line, edit.Text);
        Assert.Equal(severity, Assert.Single(edit.Findings).Severity);
    }

    [Theory]
    [InlineData("\tlinux\t/boot/vmlinuz-6.1 root=/dev/sda2 ro quiet", "\tlinux\t/boot/vmlinuz-6.1 root=UUID=5555-2 ro quiet")]
    [InlineData("  linux16 /vmlinuz root=/dev/sda2  resume=/dev/sda1", "  linux16 /vmlinuz root=UUID=5555-2  resume=UUID=5555-1")]
    [InlineData("linux /vmlinuz \"root=/dev/sda2\" x='a root=/dev/sda2 b'", "linux /vmlinuz \"root=UUID=5555-2\" x='a root=/dev/sda2 b'")]
    [InlineData("linux /vmlinuz root=UUID=1 nfsroot=/dev/sda2", "linux /vmlinuz root=UUID=1 nfsroot=/dev/sda2")]
    [InlineData("\tset root='hd0,msdos2'", "\tset root='hd0,msdos2'")]
    [InlineData("\techo 'root=/dev/sda2'", "\techo 'root=/dev/sda2'")]
    [InlineData("linux /vmlinuz root=/dev/mapper/vg--a-root", "linux /vmlinuz root=/dev/mapper/vg--a-root")]
    public void GrubConfiguration_Lines_AreEdited(string before, string after) => Assert.Equal(after, BootEntryEditor.Configuration(before, l => KernelCommandLine.Edit(l, "grub.cfg", Devices, [])).Text);

    [Theory]
    [InlineData("GRUB_CMDLINE_LINUX=\"root=/dev/sda2 quiet\"", "GRUB_CMDLINE_LINUX=\"root=UUID=5555-2 quiet\"")]
    [InlineData("GRUB_CMDLINE_LINUX_DEFAULT='quiet resume=/dev/sda1'", "GRUB_CMDLINE_LINUX_DEFAULT='quiet resume=UUID=5555-1'")]
    [InlineData("GRUB_CMDLINE_LINUX=\"\"", "GRUB_CMDLINE_LINUX=\"\"")]
    [InlineData("GRUB_DISABLE_LINUX_UUID=true", "#GRUB_DISABLE_LINUX_UUID=true")]
    [InlineData("GRUB_DISABLE_LINUX_UUID=\"true\"  # why", "#GRUB_DISABLE_LINUX_UUID=\"true\"  # why")]
    [InlineData("#GRUB_DISABLE_LINUX_UUID=true", "#GRUB_DISABLE_LINUX_UUID=true")]
    public void GrubDefaults_Lines_AreEdited(string before, string after) => Assert.Equal(after, GrubEditor.KeepUuids(BootEntryEditor.Defaults(before, l => KernelCommandLine.Edit(l, "grub", Devices, [])).Text).Text);

    [Fact]
    public void Grub_RootThatIsNotThere_IsAnError()
    {
        var findings = new List<Finding>();
        BootEntryEditor.Configuration("linux /vmlinuz root=/dev/sdq9", l => KernelCommandLine.Edit(l, "grub.cfg", Devices, findings));

        Assert.Equal(FindingSeverity.Error, Assert.Single(findings).Severity);
    }

    [Theory]
    [InlineData("RESUME=/dev/sda1\n", "RESUME=UUID=5555-1\n")]
    [InlineData("RESUME=none\n", "RESUME=none\n")]
    [InlineData("RESUME=UUID=1\n", "RESUME=UUID=1\n")]
    public void Resume_Lines_AreEdited(string before, string after) => Assert.Equal(after, ResumeEditor.Edit(before, "resume", Devices).Text);

    [Fact]
    public void Ifupdown_NamesAndMacs_AreFound()
    {
        var names = InterfaceNames.Ifupdown("""
            auto lo ens192
            iface lo inet loopback
            iface ens192 inet static
                address 192.0.2.10/24
            iface ens192 inet6 auto
            iface ens192:1 inet static
            iface eth1 inet dhcp
                hwaddress ether 00:0c:29:aa:bb:cc
            iface br0 inet static
                bridge_ports ens224
            """);

        Assert.Equal([("ens192", null), ("eth1", "000C29AABBCC"), ("ens224", (string?)null)], names);
    }

    [Fact]
    public void Netplan_Ethernets_AreFound()
    {
        var names = InterfaceNames.Netplan("network:\n  version: 2\n  ethernets:\n    ens160:\n      dhcp4: no\n    lan:\n      match: {}\n    eth7:\n      match:\n        macaddress: 00:11:22:33:44:55\n  vlans:\n    en9:\n      id: 3\n");

        Assert.Equal([("ens160", (string?)null)], names);
    }
}
