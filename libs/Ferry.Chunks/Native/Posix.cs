using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ferry.Chunks.Native;

/// <summary>The few system calls that .NET does not offer. Where the system has none, each does what is equivalent there.</summary>
internal static partial class Posix
{
    private const int ReadOnlyDirectory = 0x10000 | 0x80000; // O_DIRECTORY | O_CLOEXEC on x86-64
    private const int ReadOnlyDirectoryArm = 0x4000 | 0x80000; // the same on arm64
    private const int NoEntry = 2;
    private const int NotADirectory = 20;
    private const uint SyncFileRangeWrite = 2;
    private const int FallocateKeepSize = 1;
    private const int FallocatePunchHole = 2;
    private static readonly Version SyncFsReportsErrors = new(5, 8);

    /// <summary>Makes the names in a folder durable. Windows does that with the rename itself.</summary>
    /// <exception cref="IOException">The system reported an error.</exception>
    public static void FlushFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int flags = !OperatingSystem.IsLinux() ? 0
            : RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? ReadOnlyDirectoryArm : ReadOnlyDirectory;
        int descriptor = Open(path, flags);
        if (descriptor < 0)
        {
            throw Failure("opening", path);
        }

        try
        {
            if (FSync(descriptor) < 0)
            {
                throw Failure("flushing", path);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>
    /// Makes everything durable that was written to the file system of <paramref name="file"/>, names and contents. Only where the system also reports every failed write that
    /// happened since the file was opened: Linux from 5.8 on.
    /// </summary>
    /// <returns>False: not possible here, flush file by file.</returns>
    /// <exception cref="IOException">Something written to the file system is lost.</exception>
    public static bool TryFlushFileSystem(SafeFileHandle file, string path)
    {
        if (!OperatingSystem.IsLinux() || Environment.OSVersion.Version < SyncFsReportsErrors)
        {
            return false;
        }

        return SyncFs(file) == 0 ? true : throw Failure("flushing the file system of", path);
    }

    /// <summary>Asks the system to begin writing a file's bytes to the disk, without waiting. A hint: its failure shows at the flush.</summary>
    public static void BeginWriteBack(SafeFileHandle file)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = SyncFileRange(file, 0, 0, SyncFileRangeWrite);
        }
    }

    /// <summary>Gives a range of a file back to the file system, so that it reads as zero; false where that is not possible.</summary>
    public static bool TryPunchHole(SafeFileHandle file, long offset, long length) =>
        OperatingSystem.IsLinux() && FAllocate(file, FallocateKeepSize | FallocatePunchHole, offset, length) == 0;

    /// <summary>Deletes a file; false when it is not there. (Of two who try, exactly one is told that it did it.)</summary>
    /// <exception cref="IOException">The system reported an error.</exception>
    public static bool TryDelete(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            bool there = File.Exists(path);
            File.Delete(path);
            return there;
        }

        if (Unlink(path) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() is NoEntry or NotADirectory ? false : throw Failure("deleting", path);
    }

    private static IOException Failure(string action, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new IOException($"{action} '{path}' failed: {Marshal.GetPInvokeErrorMessage(error)}", error);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Unlink(string path);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FSync(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFs(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "sync_file_range", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFileRange(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int FAllocate(SafeFileHandle file, int mode, long offset, long length);
}
