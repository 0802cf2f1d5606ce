using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace Ferry.DiskImages.Sources;

/// <summary>The calls of Linux that the BCL does not offer: file type and inode, holes, fsync of a folder, opening that never blocks on a FIFO.</summary>
[SupportedOSPlatform("linux")]
internal static partial class UnixFile
{
    /// <summary>lseek: find the next data.</summary>
    internal const int SeekData = 3;

    /// <summary>lseek: find the next hole.</summary>
    internal const int SeekHole = 4;

    /// <summary>errno: no such data behind the offset.</summary>
    internal const int NoSuchData = 6;

    private const int SeekEnd = 2;
    private const nuint LogicalSectorSizeRequest = 0x1268;
    private const nuint PhysicalSectorSizeRequest = 0x127b;
    private const nuint ZeroOutRequest = 0x127f;
    private const int ReadOnlyNonBlockingCloseOnExec = 0x800 | 0x80000;
    private const int ReadWriteExclusiveCloseOnExec = 2 | 0x80 | 0x80000;
    private const int AtCurrentDirectory = -100;
    private const int AtEmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;
    private const int StatxSize = 256;
    private const long TicksPerSecond = 10_000_000;

    /// <summary>Asks for the status of a path, following links; null when it does not exist.</summary>
    internal static FileStatus? TryGetStatus(string path)
    {
        Span<byte> buffer = stackalloc byte[StatxSize];
        return Statx(AtCurrentDirectory, path, 0, BasicStats, ref MemoryMarshal.GetReference(buffer)) == 0 ? Parse(buffer) : null;
    }

    /// <summary>Asks for the status of an open file.</summary>
    internal static FileStatus GetStatus(SafeFileHandle handle)
    {
        Span<byte> buffer = stackalloc byte[StatxSize];
        var descriptor = (int)handle.DangerousGetHandle();
        var result = Statx(descriptor, "", AtEmptyPath, BasicStats, ref MemoryMarshal.GetReference(buffer));
        GC.KeepAlive(handle);
        return result == 0 ? Parse(buffer) : throw LastError("statx");
    }

    /// <summary>Opens for reading; a FIFO without a writer does not block.</summary>
    internal static SafeFileHandle OpenForRead(string path)
    {
        var descriptor = Open(path, ReadOnlyNonBlockingCloseOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw LastError("open");
    }

    /// <summary>Opens a block device for writing; fails when it is mounted or otherwise in use (O_EXCL without O_CREAT).</summary>
    internal static SafeFileHandle OpenDeviceAlone(string path)
    {
        var descriptor = Open(path, ReadWriteExclusiveCloseOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true) : throw LastError("open");
    }

    /// <summary>The path that an open file really has, after all links.</summary>
    internal static string RealPath(SafeFileHandle handle)
    {
        var link = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/proc/self/fd/{(int)handle.DangerousGetHandle()}");
        var target = new FileInfo(link).LinkTarget;
        GC.KeepAlive(handle);
        return target ?? throw new IOException($"{link} cannot be resolved.");
    }

    /// <summary>Length of a block device.</summary>
    internal static long GetDeviceLength(SafeFileHandle handle)
    {
        var end = Seek(handle, 0, SeekEnd);
        return end >= 0 ? end : throw LastError("lseek");
    }

    /// <summary>Logical and physical sector size of a block device (BLKSSZGET, BLKPBSZGET).</summary>
    internal static (int Logical, int Physical) GetDeviceSectorSizes(SafeFileHandle handle)
    {
        var logical = 0;
        var physical = 0;
        return Ioctl(handle, LogicalSectorSizeRequest, ref logical) == 0 && Ioctl(handle, PhysicalSectorSizeRequest, ref physical) == 0
            ? (logical, physical)
            : throw LastError("ioctl");
    }

    /// <summary>Makes a range of a block device zero, by the device itself where it can (BLKZEROOUT).</summary>
    internal static void ZeroDevice(SafeFileHandle handle, long offset, long length)
    {
        Span<long> range = [offset, length];
        if (IoctlRange(handle, ZeroOutRequest, ref MemoryMarshal.GetReference(range)) != 0)
        {
            throw LastError("ioctl");
        }
    }

    /// <summary>Makes the entry of a new file durable.</summary>
    internal static void FlushFolder(string folder)
    {
        using var handle = OpenForRead(folder);
        if (Flush(handle) != 0)
        {
            throw LastError("fsync");
        }
    }

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek(SafeFileHandle file, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Ioctl(SafeFileHandle file, nuint request, ref int value);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int IoctlRange(SafeFileHandle file, nuint request, ref long range);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Flush(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte buffer);

    private static IOException LastError(string call)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"{call}: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    /// <summary>struct statx, the same on every architecture (linux/stat.h): stx_mode at 28, stx_ino at 32, stx_size at 40, stx_mtime at 112.</summary>
    private static FileStatus Parse(ReadOnlySpan<byte> statx)
    {
        var kind = (MemoryMarshal.Read<ushort>(statx[28..]) & 0xF000) switch
        {
            0x8000 => FileKind.Regular,
            0x6000 => FileKind.BlockDevice,
            _ => FileKind.Other,
        };
        var ticks = DateTime.UnixEpoch.Ticks + (MemoryMarshal.Read<long>(statx[112..]) * TicksPerSecond) + (MemoryMarshal.Read<uint>(statx[120..]) / 100);
        return new FileStatus(kind, MemoryMarshal.Read<long>(statx[40..]), ticks, MemoryMarshal.Read<ulong>(statx[32..]));
    }
}
