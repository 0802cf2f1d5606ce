using Ferry.Contracts.Machines;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Tests.Engine;

/// <summary>Small disks whose makers mean harm. The system on them is a skeleton that the rules take for a Debian with the target's drivers in its kernel.</summary>
internal static class HostileDisk
{
    /// <summary>Byte at which the file system begins.</summary>
    public const int Start = 1 << 20;

    private const int Size = 96;

    /// <summary>A machine with as many disks.</summary>
    public static FixupTarget Target(int disks) => new("hyperv", null, SampleGuest.Machine with
    {
        Disks = [.. Enumerable.Range(0, disks).Select(i => new MachineDisk { Index = i, Bus = "scsi", Controller = 0, Unit = i, Image = $"{i}.raw" })],
    });

    /// <summary>A disk with the skeleton on ext4, arranged as the caller wants; <paramref name="arrange"/> gets the folder of the guest's root.</summary>
    public static async Task<string> LinuxAsync(string folder, Action<string> arrange)
    {
        var root = Path.Combine(folder, "root");
        Write(root, "bin/sh", "");
        Write(root, "lib64/ld-linux-x86-64.so.2", "");
        Write(root, "etc/hosts", "127.0.0.1 localhost\n");
        Write(root, "etc/os-release", "ID=debian\nVERSION_ID=\"12\"\n");
        Write(root, "etc/fstab", "/dev/sda1 / ext4 defaults 0 1\n");
        Write(root, "etc/default/grub", "GRUB_CMDLINE_LINUX=\"\"\n");
        Write(root, "etc/network/interfaces", "iface ens192 inet static\n");
        Write(root, "boot/vmlinuz-6.1.0", "");
        Write(root, "boot/grub/grub.cfg", "linux /boot/vmlinuz-6.1.0 root=/dev/sda1 ro\n");
        Write(root, "lib/modules/6.1.0/modules.dep", "");
        Write(root, "lib/modules/6.1.0/modules.builtin", "kernel/drivers/hv/hv_vmbus.ko\nkernel/drivers/scsi/hv_storvsc.ko\nkernel/drivers/scsi/sd_mod.ko\n");
        arrange(root);
        var disk = Path.Combine(folder, "disk.raw");
        await PartitionAsync(disk);
        await SampleGuest.RunAsync("/usr/sbin/mke2fs", "-q", "-F", "-t", "ext4", "-d", root, "-E", $"offset={Start},root_owner=0:0", disk, $"{Size - 2}M");
        return disk;
    }

    /// <summary>A disk with an empty file system of which random bytes at its beginning are others.</summary>
    /// <param name="disk">The file.</param>
    /// <param name="make">Program and arguments that make the file system in a file.</param>
    /// <param name="superblock">Where in the file system its superblock is.</param>
    /// <param name="random">What is damaged.</param>
    public static async Task FuzzedAsync(string disk, string[] make, Range superblock, Random random)
    {
        // XFS wants 300 MiB.
        var volume = disk + ".fs";
        await SampleGuest.RunAsync("truncate", "-s", "320M", volume);
        await SampleGuest.RunAsync(make[0], [.. make[1..], volume]);
        await using (var file = File.Open(volume, FileMode.Open))
        {
            var bytes = new byte[superblock.End.Value - superblock.Start.Value];
            file.Position = superblock.Start.Value;
            await file.ReadExactlyAsync(bytes);
            for (var i = random.Next(1, 12); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            file.Position = superblock.Start.Value;
            await file.WriteAsync(bytes);
        }

        await PartitionAsync(disk, 322);
        await SampleGuest.RunAsync("dd", $"if={volume}", $"of={disk}", "bs=1M", "seek=1", "conv=notrunc,sparse", "status=none");
        File.Delete(volume);
    }

    /// <summary>Writes a file of the tree.</summary>
    public static void Write(string root, string path, string text)
    {
        var file = Path.Combine(root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    private static async Task PartitionAsync(string disk, int mebibytes = Size)
    {
        await SampleGuest.RunAsync("truncate", "-s", $"{mebibytes}M", disk);
        await SampleGuest.RunAsync("bash", "-c", $"echo 'start=2048, type=83' | /usr/sbin/sfdisk -q '{disk}'");
    }
}
