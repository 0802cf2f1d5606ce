using Ferry.Fixup.Rehearsal.Signs;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>Lines as firmware, boot loaders, kernels and systems really write them.</summary>
public sealed class BootTextsTests
{
    [Theory]
    [InlineData("login-prompt", "debian-sample login: ")]
    [InlineData("login-prompt", "localhost login:")]
    [InlineData("login-prompt", "debian-sample login: [   46.289038] kvm: Nested Virtualization enabled")]
    [InlineData("login-prompt", "web-01.example.org login: ")]
    [InlineData("login-prompt", "EVENT: The CMD command is now available.")]
    [InlineData("system-started", "[  OK  ] Reached target multi-user.target - Multi-User System.")]
    [InlineData("system-started", "[  OK  ] Reached target Multi-User System.")]
    [InlineData("system-started", "[  OK  ] Reached target graphical.target - Graphical Interface.")]
    [InlineData("system-started", "[   14.103122] systemd[1]: Startup finished in 2.1s (kernel) + 3.4s (initrd) + 8.5s (userspace) = 14.0s.")]
    [InlineData("system-started", "Cloud-init v. 22.4.2 finished at Tue, 01 Jul 2025 10:00:00 +0000. Datasource DataSourceNone.  Up 20.01 seconds")]
    [InlineData("kernel-panic", "[    1.523611] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)")]
    [InlineData("kernel-panic", "[    2.012345] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100")]
    [InlineData("kernel-panic", "Kernel panic - not syncing: No working init found.  Try passing init= option to kernel.")]
    [InlineData("initramfs-shell", "ALERT!  /dev/sda2 does not exist.  Dropping to a shell!")]
    [InlineData("initramfs-shell", "ALERT!  UUID=8f1e2a6c-0f55-4b6c-9c5f-2a6c0f554b6c does not exist.  Dropping to a shell!")]
    [InlineData("initramfs-shell", "(initramfs) ")]
    [InlineData("initramfs-shell", "dracut:/# ")]
    [InlineData("initramfs-shell", "Entering emergency mode. Exit the shell to continue.")]
    [InlineData("initramfs-shell", "Could not find /dev/disk/by-id/ata-x-part2.")]
    [InlineData("initramfs-shell", "You are being dropped into an emergency shell.")]
    [InlineData("initramfs-shell", ":: running emergency hook [plymouth]")]
    [InlineData("emergency-shell", "You are in emergency mode. After logging in, type \"journalctl -xb\" to view")]
    [InlineData("emergency-shell", "You are in rescue mode. After logging in, type \"journalctl -xb\" to view")]
    [InlineData("emergency-shell", "Welcome to emergency mode! After logging in, type \"journalctl -xb\" to view")]
    [InlineData("emergency-shell", "Cannot open access to console, the root account is locked.")]
    [InlineData("emergency-shell", "Give root password for maintenance")]
    [InlineData("emergency-shell", "/dev/sda1: UNEXPECTED INCONSISTENCY; RUN fsck MANUALLY.")]
    [InlineData("emergency-shell", "*** An error occurred during the file system check.")]
    [InlineData("stop-code", "*** STOP: 0x0000007B (0xFFFFF880009A97E8,0xFFFFFFFFC0000034,0x0000000000000000,0x0000000000000000)")]
    [InlineData("stop-code", "<PROPERTY NAME=\"STOPCODE\" TYPE=\"string\"><VALUE>\"0x7B\"</VALUE>")]
    [InlineData("boot-loader", "grub rescue> ")]
    [InlineData("boot-loader", "grub>")]
    [InlineData("boot-loader", "   Minimal BASH-like line editing is supported. For the first word, TAB")]
    [InlineData("boot-loader", "GRUB Loading stage1.5 Read Error")]
    [InlineData("boot-loader", "GRUB Hard Disk Error")]
    [InlineData("boot-loader", "BOOTMGR is missing")]
    [InlineData("boot-loader", "NTLDR is missing")]
    [InlineData("boot-loader", "    Status: 0xc000000e")]
    [InlineData("boot-loader", "An operating system wasn't found. Try disconnecting any drives that don't")]
    [InlineData("boot-loader", "Missing operating system")]
    [InlineData("no-bootable-device", "UEFI Interactive Shell v2.2")]
    [InlineData("no-bootable-device", "Shell> ")]
    [InlineData("no-bootable-device", "No bootable device.")]
    [InlineData("no-bootable-device", "BdsDxe: No bootable option or device was found.")]
    public void Read_Sign_IsRecognised(string kind, string line)
    {
        var sign = BootTexts.Read(line.Trim());
        Assert.NotNull(sign);
        Assert.Equal(kind, BootSign.NameOf(sign.Kind));
        Assert.Equal(line.Trim(), sign.Quote);
    }

    [Theory]
    [InlineData("Last login:")]
    [InlineData("Last login: Tue Jul  1 10:00:00 UTC 2025 on ttyS0")]
    [InlineData("Password: ")]
    [InlineData("[    0.000000] Command line: BOOT_IMAGE=/boot/vmlinuz root=/dev/sda2 console=ttyS0 panic=30")]
    [InlineData("[    3.1] systemd[1]: Reached target Sockets.")]
    [InlineData("[  OK  ] Reached target initrd-root-device.target - Initrd Root Device.")]
    [InlineData("dracut-initqueue[355]: Warning: dracut-initqueue: timeout, still waiting for following initqueue hooks:")]
    [InlineData("Booting from Hard Disk...")]
    [InlineData("Boot failed: not a bootable disk")]
    [InlineData("BdsDxe: failed to load Boot0001 \"UEFI QEMU HARDDISK \" from PciRoot(0x0): Not Found")]
    [InlineData("GRUB loading.")]
    [InlineData("Welcome to GRUB!")]
    [InlineData("                             GNU GRUB  version 2.06")]
    [InlineData("error: no such device: 8f1e2a6c-0f55-4b6c-9c5f-2a6c0f554b6c.")]
    [InlineData("SAC>")]
    [InlineData("Computer is booting, SAC started and initialized.")]
    public void Read_LineThatDecidesNothing_IsNoSign(string line) => Assert.Null(BootTexts.Read(line));
}
