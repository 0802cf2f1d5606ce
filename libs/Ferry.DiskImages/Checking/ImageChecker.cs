using System.Buffers;
using System.Runtime.CompilerServices;
using Ferry.DiskImages.Checking;

namespace Ferry.DiskImages;

/// <summary>
/// Checks an image: every table is gone through, everything that it names lies within its file, nothing stands where something else does, and what of a file belongs to nothing is
/// counted. Memory does not depend on the size of the image.
/// </summary>
public static class ImageChecker
{
    /// <summary>With so many errors the image is not gone through to its end: tables that lead to one another could make that last for years.</summary>
    private const long TooManyErrors = 10_000;

    /// <summary>Most errors that are described.</summary>
    public const int MaximumErrors = 100;

    private const int PieceSize = 1 << 20;

    /// <summary>Checks an image that could be opened.</summary>
    /// <param name="reader">The image; stays the caller's.</param>
    /// <param name="readData">Whether all data is read as well: that finds damaged compressed data, and what the disk below the file cannot give.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What was found; an error of the image is a result and not an exception.</returns>
    public static async Task<ImageCheckResult> CheckAsync(IDiskImageReader reader, bool readData = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var errors = new Errors();
        var structure = reader as IDiskImageStructure;
        var check = structure is null ? null : new StructureCheck(structure, errors.Add);
        await errors.CatchAsync(() => check?.RunAsync(cancellationToken) ?? Task.CompletedTask).ConfigureAwait(false);
        await errors.CatchAsync(() => structure?.CheckAsync(errors.Add, cancellationToken).AsTask() ?? Task.CompletedTask).ConfigureAwait(false);
        long allocated = 0;
        await errors.CatchAsync(async () =>
        {
            await foreach (var extent in reader.GetExtentsAsync(0, reader.Capacity, cancellationToken).ConfigureAwait(false))
            {
                allocated += extent.Kind == ExtentKind.Data ? extent.Length : 0;
            }
        }).ConfigureAwait(false);
        if (readData)
        {
            await ReadAllAsync(reader, errors, cancellationToken).ConfigureAwait(false);
        }

        return new ImageCheckResult
        {
            Errors = errors.First, ErrorCount = errors.Count, AllocatedBytes = allocated, FileBytes = check?.FileBytes, LeakedBytes = check?.Leaked ?? 0,
        };
    }

    private static Task ReadAllAsync(IDiskImageReader reader, Errors errors, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Clamp(Environment.ProcessorCount * 2, 2, 32), CancellationToken = cancellationToken };
        return errors.CatchAsync(() => Parallel.ForEachAsync(PiecesAsync(reader, cancellationToken), options, async (piece, cancellation) =>
        {
            var buffer = ArrayPool<byte>.Shared.Rent((int)piece.Length);
            try
            {
                await errors.CatchAsync(() => reader.ReadAsync(piece.Offset, buffer.AsMemory(0, (int)piece.Length), cancellation).AsTask()).ConfigureAwait(false);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(buffer);
            }
        }));
    }

    private static async IAsyncEnumerable<DiskRange> PiecesAsync(IDiskImageReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var extent in reader.GetExtentsAsync(0, reader.Capacity, cancellationToken).ConfigureAwait(false))
        {
            for (var at = extent.Offset; extent.Kind == ExtentKind.Data && at < extent.End; at += PieceSize)
            {
                yield return new DiskRange(at, Math.Min(PieceSize, extent.End - at));
            }
        }
    }

    private sealed class TooManyErrorsException : Exception;

    /// <summary>Errors from several threads; the same one, found on another way, counts once.</summary>
    private sealed class Errors
    {
        private readonly HashSet<ImageCheckError> _first = [];
        private bool _isFull;

        internal IReadOnlyList<ImageCheckError> First => [.. _first.OrderBy(e => e.File, StringComparer.Ordinal).ThenBy(e => e.Offset)];

        internal long Count { get; private set; }

        internal void Add(ImageCheckError error)
        {
            lock (_first)
            {
                Count += _first.Count >= MaximumErrors || _first.Add(error) ? 1 : 0;
                _isFull = Count >= TooManyErrors;
            }

            if (_isFull)
            {
                throw new TooManyErrorsException();
            }
        }

        /// <summary>Does a part of the work; nothing any more when there are too many errors.</summary>
        internal async Task CatchAsync(Func<Task> work)
        {
            if (_isFull)
            {
                return;
            }

            try
            {
                try
                {
                    await work().ConfigureAwait(false);
                }
                catch (DiskImageException e)
                {
                    Add(ImageCheckError.From(e));
                }
            }
            catch (TooManyErrorsException)
            {
                // That they are too many is in the count.
            }
        }
    }
}
