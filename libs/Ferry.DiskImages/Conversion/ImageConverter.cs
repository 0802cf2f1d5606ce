using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using Ferry.DiskImages.Conversion;

namespace Ferry.DiskImages;

/// <summary>
/// Converts an image in one process. Pieces of up to 512 KiB, which stay in a core's cache, are read, decompressed, searched for zeros, compressed and written by several workers at once, two per core, so that
/// a core has something to do while a piece waits; places in the target are given out in the order of the disk, so that the same source gives the same file whatever the
/// number of workers, and what is zero takes no place. A worker holds one piece and nothing is queued, so memory depends on the number of workers alone. Bytes go through the
/// process's memory, as they must be looked at to find zeros; <c>copy_file_range</c> behind that was measured to be slower than writing what was just read.
/// </summary>
public static class ImageConverter
{
    private const int MinimumWorkers = 2;
    private const int MaximumWorkers = 64;
    private const int PieceSize = 512 * 1024;

    /// <summary>All pieces together have at most this many bytes: with many workers they are smaller. With what is compressed and zlib's own memory a worker needs about four times its piece.</summary>
    private const int PiecesSize = 16 << 20;

    /// <summary>Converts.</summary>
    /// <param name="reader">The source; stays the caller's.</param>
    /// <param name="targetPath">The file to write. After a failure nothing is left there.</param>
    /// <param name="format">Format to write.</param>
    /// <param name="options">Null for the defaults.</param>
    /// <param name="progress">Called by the workers.</param>
    /// <param name="cancellationToken">Stops the conversion; what was written is removed.</param>
    /// <exception cref="DiskImageException">The source cannot be read, changed meanwhile, or the target cannot be written.</exception>
    /// <exception cref="ArgumentException">The format does not allow the size of the disk or the options.</exception>
    public static async Task<ImageConvertResult> ConvertAsync(
        IDiskImageReader reader,
        string targetPath,
        DiskImageFormat format,
        ImageConvertOptions? options = null,
        IProgress<ImageConvertProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        options ??= new ImageConvertOptions();
        var plan = new DiskImagePlan
        {
            Format = format,
            Variant = DiskImageVariants.Resolve(format, options.Variant),
            Capacity = format == DiskImageFormat.Raw ? reader.Capacity : RoundUp(reader.Capacity, reader.Info.LogicalSectorSize),
            Allocated = [],
            LogicalSectorSize = reader.Info.LogicalSectorSize,
            BlockSize = options.BlockSize,
            DiskId = options.DiskId ?? reader.Info.DiskId ?? DeriveDiskId(reader),
        };
        if (OperatingSystem.IsLinux())
        {
            Raw.RawDeviceTarget.RefuseSource(targetPath, reader);
        }

        var target = await ConvertTargets.CreateAsync(targetPath, plan, options.Overwrite, cancellationToken).ConfigureAwait(false);
        await using (target.ConfigureAwait(false))
        {
            try
            {
                var result = await CopyAsync(reader, target, progress, cancellationToken).ConfigureAwait(false);
                await reader.VerifyUnchangedAsync(cancellationToken).ConfigureAwait(false);
                await target.CompleteAsync(options.Durable, cancellationToken).ConfigureAwait(false);
                return result;
            }
            catch
            {
                target.Remove();
                throw;
            }
        }
    }

    private static async Task<ImageConvertResult> CopyAsync(
        IDiskImageReader reader, IConvertTarget target, IProgress<ImageConvertProgress>? progress, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var workers = new Task[Math.Clamp(Environment.ProcessorCount * 2, MinimumWorkers, MaximumWorkers)];
        var pieces = new ConvertPieces(reader, PieceSizeOf(workers.Length), target.Alignment, stop.Token);
        await using (pieces.ConfigureAwait(false))
        {
            var counts = new Counts();
            for (var i = 0; i < workers.Length; i++)
            {
                workers[i] = Task.Run(() => WorkAsync(reader, target, pieces, counts, progress, stop), CancellationToken.None);
            }

            await AllAsync(workers, cancellationToken).ConfigureAwait(false);
            return new ImageConvertResult(reader.Capacity, counts.Read, counts.Written);
        }
    }

    private static int PieceSizeOf(int workers) => Math.Min(PieceSize, PiecesSize / (int)BitOperations.RoundUpToPowerOf2((uint)workers));

    /// <summary>Waits for every worker; reports the failure that stopped the others, not their cancellation.</summary>
    private static async Task AllAsync(Task[] workers, CancellationToken cancellationToken)
    {
        await ((Task)Task.WhenAll(workers)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        foreach (var worker in workers.OrderBy(w => w.IsFaulted ? 0 : 1))
        {
            await worker.ConfigureAwait(false);
        }
    }

    private static async Task WorkAsync(
        IDiskImageReader reader, IConvertTarget target, ConvertPieces pieces, Counts counts, IProgress<ImageConvertProgress>? progress, CancellationTokenSource stop)
    {
        try
        {
            var buffer = GC.AllocateUninitializedArray<byte>(pieces.Size);
            while (await pieces.TakeAsync().ConfigureAwait(false) is { } piece)
            {
                var written = await MoveAsync(reader, target, piece, buffer.AsMemory(0, piece.Length), stop.Token).ConfigureAwait(false);
                Interlocked.Add(ref counts.Read, piece.Length);
                var total = Interlocked.Add(ref counts.Written, written);
                progress?.Report(new ImageConvertProgress(piece.Offset + piece.Length, reader.Capacity, total));
            }
        }
        catch
        {
            await stop.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static async ValueTask<long> MoveAsync(
        IDiskImageReader reader, IConvertTarget target, ConvertPiece piece, Memory<byte> data, CancellationToken cancellationToken)
    {
        IPreparedPiece? prepared;
        try
        {
            await reader.ReadAsync(piece.Offset, data, cancellationToken).ConfigureAwait(false);
            prepared = target.Prepare(piece.Offset, data);
            await piece.Previous.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (prepared is not null)
            {
                await prepared.PlaceAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            piece.Placed.TrySetResult();
        }

        return prepared is null ? 0 : await prepared.WriteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A raw file may end within a sector; the rest of the sector is zero.</summary>
    private static long RoundUp(long capacity, int sectorSize) => (capacity + sectorSize - 1) / sectorSize * sectorSize;

    /// <summary>An id that is the same for the same source files.</summary>
    private static Guid DeriveDiskId(IDiskImageReader reader)
    {
        var text = new StringBuilder().Append(reader.Capacity);
        foreach (var pin in reader.Pins)
        {
            text.Append('\n').Append(pin);
        }

        return new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 16));
    }

    private sealed class Counts
    {
        internal long Read;
        internal long Written;
    }
}
