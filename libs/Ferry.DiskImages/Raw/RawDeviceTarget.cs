using System.Runtime.Versioning;
using Ferry.DiskImages.Conversion;
using Ferry.DiskImages.Sources;
using Microsoft.Win32.SafeHandles;

namespace Ferry.DiskImages.Raw;

/// <summary>
/// A block device as the target of a conversion. Nobody knows what it held, so the disk's range is zeroed before the first byte is written. It has no place for a mark:
/// after a failure its content is undefined.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class RawDeviceTarget : IConvertTarget
{
    private const long ZeroedAtOnce = 1L << 30;

    private readonly SafeFileHandle _handle;
    private readonly string _path;

    private RawDeviceTarget(SafeFileHandle handle, string path)
    {
        _handle = handle;
        _path = path;
    }

    /// <inheritdoc/>
    public int Alignment => 1;

    /// <summary>Refuses a target that is the source: zeroing would destroy it.</summary>
    internal static void RefuseSource(string path, IDiskImageReader reader)
    {
        if (UnixFile.TryGetStatus(path) is { Kind: FileKind.BlockDevice } status && reader.Pins.Any(pin => pin.Inode == status.Inode))
        {
            throw new ArgumentException("The target is the source itself.", nameof(path));
        }
    }

    /// <summary>Opens and zeroes the device.</summary>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.Exists"/> without <paramref name="overwrite"/>, <see cref="DiskImageErrors.NoSpace"/> when the disk is larger, <see cref="DiskImageErrors.InputOutput"/>.</exception>
    internal static RawDeviceTarget Open(string path, DiskImagePlan plan, bool overwrite, CancellationToken cancellationToken)
    {
        if (!overwrite)
        {
            throw new DiskImageException(DiskImageErrors.Exists, "The target is a block device; what it holds is overwritten only when that is asked for.", path);
        }

        SafeFileHandle? handle = null;
        try
        {
            // Nobody else, a mounted file system above all, may have the device.
            handle = UnixFile.OpenDeviceAlone(path);
            var length = UnixFile.GetDeviceLength(handle);
            if (length < plan.Capacity)
            {
                throw new DiskImageException(DiskImageErrors.NoSpace, $"The device has {length} bytes, the disk {plan.Capacity}.", path);
            }

            var (sector, _) = UnixFile.GetDeviceSectorSizes(handle);
            var end = (plan.Capacity + sector - 1) / sector * sector;
            for (long at = 0; at < end; at += ZeroedAtOnce)
            {
                cancellationToken.ThrowIfCancellationRequested();
                UnixFile.ZeroDevice(handle, at, Math.Min(ZeroedAtOnce, end - at));
            }

            return new RawDeviceTarget(handle, path);
        }
        catch (Exception e)
        {
            handle?.Dispose();
            if (e is IOException or UnauthorizedAccessException)
            {
                throw new DiskImageException(DiskImageErrors.InputOutput, $"The device cannot be written: {e.Message}", path, inner: e);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public IPreparedPiece? Prepare(long offset, ReadOnlyMemory<byte> data) =>
        data.Span.ContainsAnyExcept((byte)0) ? new Piece(this, offset, data) : null;

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken)
    {
        if (durable)
        {
            await Task.Run(() => Guarded(0, () => RandomAccess.FlushToDisk(_handle)), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>A device cannot be removed.</summary>
    public void Remove()
    {
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _handle.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Guarded(long offset, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DiskImageException(DiskImageErrors.InputOutput, $"The device cannot be written: {e.Message}", _path, offset, e);
        }
    }

    private sealed class Piece(RawDeviceTarget target, long offset, ReadOnlyMemory<byte> data) : IPreparedPiece
    {
        public ValueTask PlaceAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask<long> WriteAsync(CancellationToken cancellationToken)
        {
            target.Guarded(offset, () => RandomAccess.Write(target._handle, data.Span, offset));
            return ValueTask.FromResult((long)data.Length);
        }
    }
}
