using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Ferry.Conversion.Output;

/// <summary>Makes files and the names in a folder durable (fsync); .NET can open no folder for it.</summary>
public static partial class FolderSync
{
    // O_RDONLY | O_CLOEXEC: the same on x86-64 and arm64, which O_DIRECTORY is not.
    private const int ReadOnlyCloseOnExec = 0x8_0000;

    /// <summary>Flushes the entries of a folder to the disk.</summary>
    /// <exception cref="IOException">The file system says that it could not.</exception>
    public static void Sync(string folder)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        var descriptor = Open(folder, ReadOnlyCloseOnExec);
        if (descriptor < 0)
        {
            throw Failed(folder);
        }

        try
        {
            if (Fsync(descriptor) != 0)
            {
                throw Failed(folder);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    /// <summary>Writes a file and flushes it to the disk.</summary>
    public static void WriteDurably(string path, ReadOnlySpan<byte> content)
    {
        using var file = File.OpenHandle(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        RandomAccess.Write(file, content, 0);
        RandomAccess.FlushToDisk(file);
    }

    private static IOException Failed(string folder) =>
        new($"The folder '{folder}' cannot be flushed: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Fsync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int descriptor);
}
