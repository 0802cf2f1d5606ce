using System.Runtime.InteropServices;

namespace Ferry.Fixup.Appliance;

/// <summary>The part of libguestfs's C interface that the guest worker needs. Only the worker process calls it.</summary>
internal static partial class LibGuestfs
{
    private const string Library = "libguestfs.so.0";

    public const int CreateNoCloseOnExit = 2;

    [LibraryImport(Library, EntryPoint = "guestfs_create_flags")]
    public static partial nint CreateFlags(uint flags);

    [LibraryImport(Library, EntryPoint = "guestfs_close")]
    public static partial void Close(nint g);

    [LibraryImport(Library, EntryPoint = "guestfs_last_error")]
    public static partial nint LastError(nint g);

    [LibraryImport(Library, EntryPoint = "guestfs_last_errno")]
    public static partial int LastErrno(nint g);

    [LibraryImport(Library, EntryPoint = "guestfs_set_error_handler")]
    public static partial void SetErrorHandler(nint g, nint callback, nint data);

    [LibraryImport(Library, EntryPoint = "guestfs_set_backend", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetBackend(nint g, string backend);

    [LibraryImport(Library, EntryPoint = "guestfs_set_backend_setting", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetBackendSetting(nint g, string name, string value);

    [LibraryImport(Library, EntryPoint = "guestfs_set_network")]
    public static partial int SetNetwork(nint g, int network);

    [LibraryImport(Library, EntryPoint = "guestfs_set_memsize")]
    public static partial int SetMemorySize(nint g, int mebibytes);

    [LibraryImport(Library, EntryPoint = "guestfs_set_smp")]
    public static partial int SetProcessors(nint g, int count);

    [LibraryImport(Library, EntryPoint = "guestfs_set_autosync")]
    public static partial int SetAutosync(nint g, int on);

    [LibraryImport(Library, EntryPoint = "guestfs_set_identifier", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetIdentifier(nint g, string identifier);

    [LibraryImport(Library, EntryPoint = "guestfs_add_drive_opts_argv", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int AddDrive(nint g, string name, in AddDriveArguments arguments);

    [LibraryImport(Library, EntryPoint = "guestfs_launch")]
    public static partial int Launch(nint g);

    [LibraryImport(Library, EntryPoint = "guestfs_shutdown")]
    public static partial int Shutdown(nint g);

    [LibraryImport(Library, EntryPoint = "guestfs_sync")]
    public static partial int Sync(nint g);

    [LibraryImport(Library, EntryPoint = "guestfs_list_devices")]
    public static partial nint ListDevices(nint g);

    [LibraryImport(Library, EntryPoint = "guestfs_list_partitions")]
    public static partial nint ListPartitions(nint g);

    [LibraryImport(Library, EntryPoint = "guestfs_list_filesystems")]
    public static partial nint ListFilesystems(nint g);

    [LibraryImport(Library, EntryPoint = "guestfs_blkid", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint BlkId(nint g, string device);

    [LibraryImport(Library, EntryPoint = "guestfs_part_get_parttype", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint PartitionTableType(nint g, string device);

    [LibraryImport(Library, EntryPoint = "guestfs_part_get_gpt_type", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GptType(nint g, string device, int partition);

    [LibraryImport(Library, EntryPoint = "guestfs_part_get_mbr_id", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MbrType(nint g, string device, int partition);

    [LibraryImport(Library, EntryPoint = "guestfs_part_to_partnum", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int PartitionNumber(nint g, string partition);

    [LibraryImport(Library, EntryPoint = "guestfs_part_to_dev", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint PartitionToDevice(nint g, string partition);

    [LibraryImport(Library, EntryPoint = "guestfs_blockdev_getsize64", StringMarshalling = StringMarshalling.Utf8)]
    public static partial long DeviceSize(nint g, string device);

    [LibraryImport(Library, EntryPoint = "guestfs_mount_options", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Mount(nint g, string options, string device, string mountPoint);

    [LibraryImport(Library, EntryPoint = "guestfs_umount_all")]
    public static partial int UnmountAll(nint g);

    [LibraryImport(Library, EntryPoint = "guestfs_ls0", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int List(nint g, string directory, string hostFile);

    [LibraryImport(Library, EntryPoint = "guestfs_lstatns", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Stat(nint g, string path);

    [LibraryImport(Library, EntryPoint = "guestfs_free_statns")]
    public static partial void FreeStat(nint stat);

    [LibraryImport(Library, EntryPoint = "guestfs_statvfs", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint StatVfs(nint g, string path);

    [LibraryImport(Library, EntryPoint = "guestfs_free_statvfs")]
    public static partial void FreeStatVfs(nint stat);

    [LibraryImport(Library, EntryPoint = "guestfs_readlink", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint ReadLink(nint g, string path);

    [LibraryImport(Library, EntryPoint = "guestfs_download_offset", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Download(nint g, string path, string hostFile, long offset, long size);

    [LibraryImport(Library, EntryPoint = "guestfs_upload", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Upload(nint g, string hostFile, string path);

    [LibraryImport(Library, EntryPoint = "guestfs_chmod", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeMode(nint g, int mode, string path);

    [LibraryImport(Library, EntryPoint = "guestfs_lchown", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int ChangeOwner(nint g, int owner, int group, string path);

    [LibraryImport(Library, EntryPoint = "guestfs_mkdir_mode", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int MakeDirectory(nint g, string path, int mode);

    [LibraryImport(Library, EntryPoint = "guestfs_ln_s", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Symlink(nint g, string target, string path);

    [LibraryImport(Library, EntryPoint = "guestfs_mv", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Move(nint g, string from, string to);

    [LibraryImport(Library, EntryPoint = "guestfs_rm", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Remove(nint g, string path);

    [LibraryImport(Library, EntryPoint = "guestfs_cp_a", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Copy(nint g, string from, string to);

    [LibraryImport(Library, EntryPoint = "guestfs_lgetxattr", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint GetAttribute(nint g, string path, string name, out nuint size);

    [LibraryImport(Library, EntryPoint = "guestfs_lsetxattr", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SetAttribute(nint g, string name, in byte value, int size, string path);

    [LibraryImport(Library, EntryPoint = "guestfs_debug", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Debug(nint g, string subCommand, [In] nint[] arguments);

    [LibraryImport("libc", EntryPoint = "free")]
    public static partial void Free(nint memory);
}
