using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ferry.DiskImages.Sources;

/// <summary>
/// A local file or block device. Reads are positional and synchronous, so one instance serves any number of threads.
/// </summary>
public sealed class FileByteSource : IByteSource
{
    private readonly SafeFileHandle _handle;
    private readonly FileStatus _status;

    private FileByteSource(SafeFileHandle handle, FileStatus status, string name, string path, long length)
    {
        _handle = handle;
        _status = status;
        Name = name;
        Path = path;
        Length = length;
        Pin = new SourcePin { Name = name, Length = length, ModifiedTicks = status.ModifiedTicks, Inode = status.Inode };
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The path that was opened, all links resolved where the system can tell.</summary>
    public string Path { get; }

    /// <inheritdoc/>
    public long Length { get; }

    /// <inheritdoc/>
    public SourcePin Pin { get; }

    /// <summary>Logical and physical sector size of a block device in bytes; null for a file.</summary>
    internal (int Logical, int Physical)? SectorSizes { get; private init; }

    /// <summary>Opens a file that the user named. A block device is accepted only where <paramref name="allowDevice"/> says so; never for a name from a descriptor.</summary>
    /// <param name="path">The file.</param>
    /// <param name="name">Name for messages and the pin; null: the file name of <paramref name="path"/>.</param>
    /// <param name="allowDevice">Whether a block device may be opened.</param>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.MissingFile"/>, <see cref="DiskImageErrors.ForbiddenReference"/>, <see cref="DiskImageErrors.InputOutput"/>.</exception>
    public static FileByteSource Open(string path, string? name = null, bool allowDevice = false)
    {
        name ??= System.IO.Path.GetFileName(path);
        try
        {
            return OperatingSystem.IsLinux() ? OpenLinux(path, name, allowDevice) : OpenPortable(path, name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiskImageException(DiskImageErrors.InputOutput, $"The file cannot be opened: {e.Message}", path, inner: e);
        }
    }

    /// <inheritdoc/>
    public ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Read(offset, buffer.Span);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<DiskExtent> GetExtentsAsync(long offset, long length, CancellationToken cancellationToken = default) =>
        GetExtents(offset, length).ToAsyncEnumerable();

    /// <inheritdoc/>
    public ValueTask VerifyUnchangedAsync(CancellationToken cancellationToken = default)
    {
        var now = OperatingSystem.IsLinux() ? UnixFile.GetStatus(_handle) : PortableStatus(Path);
        return now == _status
            ? ValueTask.CompletedTask
            : throw new DiskImageException(DiskImageErrors.SourceChanged, "The file changed while it was read; make sure that nothing writes to it and start again.", Name);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _handle.Dispose();
        return ValueTask.CompletedTask;
    }

    private static FileByteSource OpenLinux(string path, string name, bool allowDevice)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException();
        }

        // Looked at before opening, as opening alone can act on a device, and after it, as the name may mean another file by then.
        RequireKind(UnixFile.TryGetStatus(path)?.Kind, path, allowDevice);
        var handle = UnixFile.OpenForRead(path);
        try
        {
            var status = UnixFile.GetStatus(handle);
            RequireKind(status.Kind, path, allowDevice);
            var length = status.Kind == FileKind.BlockDevice ? UnixFile.GetDeviceLength(handle) : status.Length;
            (int, int)? sectors = status.Kind == FileKind.BlockDevice ? UnixFile.GetDeviceSectorSizes(handle) : null;
            return new FileByteSource(handle, status, name, UnixFile.RealPath(handle), length) { SectorSizes = sectors };
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static FileByteSource OpenPortable(string path, string name)
    {
        if (!File.Exists(path))
        {
            RequireKind(null, path, allowDevice: false);
        }

        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new FileByteSource(handle, PortableStatus(path), name, System.IO.Path.GetFullPath(path), RandomAccess.GetLength(handle));
    }

    private static FileStatus PortableStatus(string path)
    {
        var info = new FileInfo(path);
        return new FileStatus(FileKind.Regular, info.Length, info.LastWriteTimeUtc.Ticks, null);
    }

    private static void RequireKind(FileKind? kind, string path, bool allowDevice)
    {
        switch (kind)
        {
            case null:
                throw new InvalidDiskImageException(DiskImageErrors.MissingFile, "The file does not exist.", path);
            case FileKind.Regular:
            case FileKind.BlockDevice when allowDevice:
                return;
            default:
                throw new InvalidDiskImageException(DiskImageErrors.ForbiddenReference, "This is not a regular file.", path);
        }
    }

    private void Read(long offset, Span<byte> buffer)
    {
        if (offset < 0 || offset > Length - buffer.Length)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Truncated, $"The file ends at byte {Length}, {buffer.Length} bytes were expected here.", Name, offset);
        }

        try
        {
            while (!buffer.IsEmpty)
            {
                var count = RandomAccess.Read(_handle, buffer, offset);
                if (count == 0)
                {
                    throw new DiskImageException(DiskImageErrors.SourceChanged, "The file became shorter while it was read.", Name, offset);
                }

                buffer = buffer[count..];
                offset += count;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiskImageException(DiskImageErrors.InputOutput, $"The file cannot be read: {e.Message}", Name, offset, e);
        }
    }

    private IEnumerable<DiskExtent> GetExtents(long offset, long length)
    {
        var end = offset + length;
        while (offset < end)
        {
            var data = NextData(offset, end);
            if (data > offset)
            {
                yield return new DiskExtent(offset, data - offset, ExtentKind.Zero);
                offset = data;
            }

            if (offset < end)
            {
                var hole = NextHole(offset, end);
                yield return new DiskExtent(offset, hole - offset, ExtentKind.Data);
                offset = hole;
            }
        }
    }

    private long NextData(long offset, long end)
    {
        if (!OperatingSystem.IsLinux())
        {
            return offset;
        }

        var data = UnixFile.Seek(_handle, offset, UnixFile.SeekData);
        if (data < 0)
        {
            // Where the file system cannot tell, all is data.
            return Marshal.GetLastPInvokeError() == UnixFile.NoSuchData ? end : offset;
        }

        return Math.Clamp(data, offset, end);
    }

    private long NextHole(long offset, long end)
    {
        var hole = OperatingSystem.IsLinux() ? UnixFile.Seek(_handle, offset, UnixFile.SeekHole) : end;
        return hole <= offset ? end : Math.Min(hole, end);
    }
}
