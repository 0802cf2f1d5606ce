using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Ferry.Fixup.Appliance;

/// <summary>The closed set of operations that a parent may ask for, each one libguestfs call or few.</summary>
internal sealed class WorkerOperations(Guestfs guestfs)
{
    private const int NanosecondStatMode = 2;
    private const int NanosecondStatUser = 4;
    private const int NanosecondStatGroup = 5;
    private const int NanosecondStatSize = 7;
    private const int StatVfsFragmentSize = 1;
    private const int StatVfsAvailable = 4;
    private const int StatVfsFlags = 9;

    /// <summary>
    /// Walks all records of NTFS and its map of clusters. Clusters that nothing uses and that are marked as used are common on volumes that lost their power once, and lose nothing but space.
    /// </summary>
    private const string NtfsCheck =
        "check() { o=$(ntfsresize --info --force --bad-sectors --no-progress-bar $1 2>&1) && return 0; " +
        "case $o in *'extra cluster in $Bitmap'*) case $o in *'missing cluster'*|*'referenced'*) ;; *) return 0;; esac;; esac; echo \"$o\" | tail -n 5 >&2; return 1; }; check";

    private string _scratch = "";

    private nint Handle => guestfs.Handle;

    private string TransferFile => Path.Combine(_scratch, "transfer");

    public WorkerFrame Run(WorkerFrame request)
    {
        var a = request.Values;
        return request.Operation switch
        {
            "launch" => Launch(a[0]),
            "shutdown" => Done("shutdown", LibGuestfs.Shutdown(Handle)),
            "sync" => Done("sync", LibGuestfs.Sync(Handle)),
            "devices" => Strings(guestfs.TakeStrings("list_devices", LibGuestfs.ListDevices(Handle))),
            "partitions" => Strings(guestfs.TakeStrings("list_partitions", LibGuestfs.ListPartitions(Handle))),
            "filesystems" => Strings(guestfs.TakeStrings("list_filesystems", LibGuestfs.ListFilesystems(Handle))),
            "blkid" => Strings(guestfs.TakeStrings("blkid", LibGuestfs.BlkId(Handle, a[0]))),
            "parttype" => Strings([guestfs.TakeString("part_get_parttype", LibGuestfs.PartitionTableType(Handle, a[0]))]),
            "partition" => Partition(a[0]),
            "gpttype" => Strings([guestfs.TakeString("part_get_gpt_type", LibGuestfs.GptType(Handle, a[0], Int(a[1])))]),
            "mbrtype" => Numbers(guestfs.Check("part_get_mbr_id", (long)LibGuestfs.MbrType(Handle, a[0], Int(a[1])))),
            "devicesize" => Numbers(guestfs.Check("blockdev_getsize64", LibGuestfs.DeviceSize(Handle, a[0]))),
            "mount" => Done("mount", LibGuestfs.Mount(Handle, a[0], a[1], a[2])),
            "umount-all" => Done("umount_all", LibGuestfs.UnmountAll(Handle)),
            "fsck" => Strings([CheckFileSystem(a[0], a[1])]),
            "list" => List(a[0], Long(a[1])),
            "stat" => Stat(a[0]),
            "readlink" => Strings([guestfs.TakeString("readlink", LibGuestfs.ReadLink(Handle, a[0]))]),
            "read" => Read(a[0], Long(a[1])),
            "readstart" => Read(a[0], Long(a[1])),
            "write" => Write(a[0], request.Payload),
            "chmod" => Done("chmod", LibGuestfs.ChangeMode(Handle, Int(a[1]), a[0])),
            "chown" => Done("chown", LibGuestfs.ChangeOwner(Handle, Int(a[1]), Int(a[2]), a[0])),
            "mkdir" => Done("mkdir", LibGuestfs.MakeDirectory(Handle, a[0], Int(a[1]))),
            "symlink" => Done("symlink", LibGuestfs.Symlink(Handle, a[0], a[1])),
            "rename" => Done("rename", LibGuestfs.Move(Handle, a[0], a[1])),
            "remove" => Done("remove", LibGuestfs.Remove(Handle, a[0])),
            "copy" => Done("copy", LibGuestfs.Copy(Handle, a[0], a[1])),
            "getattribute" => GetAttribute(a[0], a[1]),
            "setattribute" => SetAttribute(a[0], a[1], request.Payload.Span),
            "freespace" => FreeSpace(a[0]),
            "isreadonly" => Numbers(StatVfs(a[0], StatVfsFlags) & 1),
            _ => throw new InvalidDataException("unknown operation"),
        };
    }

    private static int Int(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Octal(string text) => string.Concat(Encoding.UTF8.GetBytes(text).Select(b => "\\" + Convert.ToString(b, 8).PadLeft(3, '0')));

    private static long Long(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static WorkerFrame Strings(IReadOnlyList<string> values) => new() { Values = values };

    private static WorkerFrame Numbers(params IEnumerable<long> values) =>
        new() { Values = [.. values.Select(v => v.ToString(CultureInfo.InvariantCulture))] };

    private WorkerFrame Done(string operation, int result)
    {
        guestfs.Check(operation, result);
        return new WorkerFrame();
    }

    private WorkerFrame Launch(string json)
    {
        var launch = JsonSerializer.Deserialize<ApplianceLaunch>(json) ?? throw new InvalidDataException("nothing to launch");
        _scratch = launch.Scratch;
        guestfs.Check("set_backend", LibGuestfs.SetBackend(Handle, "direct"));
        if (launch.Acceleration == Acceleration.Tcg)
        {
            guestfs.Check("set_backend_setting", LibGuestfs.SetBackendSetting(Handle, "force_tcg", "1"));
        }

        guestfs.Check("set_network", LibGuestfs.SetNetwork(Handle, 0));
        guestfs.Check("set_memsize", LibGuestfs.SetMemorySize(Handle, launch.MemoryMiB));
        guestfs.Check("set_smp", LibGuestfs.SetProcessors(Handle, 1));
        guestfs.Check("set_autosync", LibGuestfs.SetAutosync(Handle, 1));
        foreach (var disk in launch.Disks)
        {
            guestfs.AddDrive(disk);
        }

        return Done("launch", LibGuestfs.Launch(Handle));
    }

    private WorkerFrame Partition(string partition)
    {
        var number = LibGuestfs.PartitionNumber(Handle, partition);
        guestfs.Check("part_to_partnum", number);
        return Strings([guestfs.TakeString("part_to_dev", LibGuestfs.PartitionToDevice(Handle, partition)), number.ToString(CultureInfo.InvariantCulture)]);
    }

    private WorkerFrame List(string path, long limit)
    {
        guestfs.Check("ls", LibGuestfs.List(Handle, path, TransferFile));
        return TakeTransfer("ls", limit);
    }

    private WorkerFrame Read(string path, long limit)
    {
        guestfs.Check("read", LibGuestfs.Download(Handle, path, TransferFile, 0, limit));
        return TakeTransfer("read", limit);
    }

    private WorkerFrame TakeTransfer(string operation, long limit)
    {
        try
        {
            return new FileInfo(TransferFile).Length > limit
                ? throw new GuestfsException(operation, $"more than {limit} bytes", 0)
                : new WorkerFrame { Payload = File.ReadAllBytes(TransferFile) };
        }
        finally
        {
            File.Delete(TransferFile);
        }
    }

    /// <summary>Writes into the file: an existing one keeps inode, owner, mode and extended attributes.</summary>
    private WorkerFrame Write(string path, ReadOnlyMemory<byte> content)
    {
        try
        {
            File.WriteAllBytes(TransferFile, content.Span);
            return Done("write", LibGuestfs.Upload(Handle, TransferFile, path));
        }
        finally
        {
            File.Delete(TransferFile);
        }
    }

    private unsafe WorkerFrame Stat(string path)
    {
        var stat = guestfs.CheckPointer("lstat", LibGuestfs.Stat(Handle, path));
        var fields = (long*)stat;
        var answer = Numbers(fields[NanosecondStatMode], fields[NanosecondStatUser], fields[NanosecondStatGroup], fields[NanosecondStatSize]);
        LibGuestfs.FreeStat(stat);
        return answer;
    }

    private unsafe WorkerFrame GetAttribute(string path, string name)
    {
        var value = guestfs.CheckPointer("lgetxattr", LibGuestfs.GetAttribute(Handle, path, name, out var size));
        var answer = new WorkerFrame { Payload = new ReadOnlySpan<byte>((void*)value, checked((int)size)).ToArray() };
        LibGuestfs.Free(value);
        return answer;
    }

    /// <summary>
    /// The library hands a value over as a string, which may end with a zero byte and has none before; others go through setfattr in the appliance, with every byte of name, value and path as its number.
    /// </summary>
    private WorkerFrame SetAttribute(string path, string name, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty || !value[..^1].Contains((byte)0))
        {
            return Done("lsetxattr", LibGuestfs.SetAttribute(Handle, name, in MemoryMarshal.GetReference(value), value.Length, path));
        }

        guestfs.Shell($"p=$(printf '{Octal("/sysroot" + path)}x'); n=$(printf '{Octal(name)}x'); setfattr -h -n \"${{n%x}}\" -v 0x{Convert.ToHexString(value)} -- \"${{p%x}}\"");
        return new WorkerFrame();
    }

    private WorkerFrame FreeSpace(string path) => Numbers(checked(StatVfs(path, StatVfsFragmentSize) * StatVfs(path, StatVfsAvailable)));

    private unsafe long StatVfs(string path, int field)
    {
        var stat = guestfs.CheckPointer("statvfs", LibGuestfs.StatVfs(Handle, path));
        var value = ((long*)stat)[field];
        LibGuestfs.FreeStatVfs(stat);
        return value;
    }

    /// <summary>Checks an unmounted file system without changing it. The device's name comes from the appliance, not from the guest's files.</summary>
    private string CheckFileSystem(string type, string device) => type switch
    {
        "ext2" or "ext3" or "ext4" => CheckWith("e2fsck -fn", device),
        "vfat" => CheckWith("fsck.vfat -n", device),

        // Debian has these in a package of their own, and starts the appliance without it.
        "xfs" => CheckWith("{ command -v xfs_repair >/dev/null || { echo the appliance has no xfs_repair: install libguestfs-xfs on the worker >&2; exit 1; }; }; xfs_repair -n", device),
        "btrfs" => CheckWith("btrfs check --readonly", device),
        "ntfs" => CheckWith(NtfsCheck, device),
        _ => "not checked",
    };

    private string CheckWith(string program, string device) =>
        guestfs.Shell($"udevadm settle; d=$(readlink -e {ApplianceDeviceName.Of(device)}) || {{ echo no device {device} >&2; exit 1; }}; {program} $d");
}
