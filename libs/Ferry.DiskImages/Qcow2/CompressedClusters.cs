using System.Buffers;
using Ferry.DiskImages.Compression;
using Ferry.DiskImages.Compression.Zstd;
using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Qcow2;

/// <summary>
/// Reads compressed clusters. Those of one read that stand near each other in the file are fetched at once; each is decompressed straight into the caller's buffer
/// when all of it is wanted.
/// </summary>
internal sealed class CompressedClusters(IByteSource source, ClusterMap map, Qcow2Geometry geometry, Qcow2Compression compression)
{
    /// <summary>Data that stands this far behind that of the cluster before is fetched with it.</summary>
    private const int NearBytes = 64 * 1024;

    private readonly DecompressedBlocks _cache = new(geometry.ClusterSize);

    /// <summary>Reads the cluster at an offset and those behind it, as long as they are compressed too.</summary>
    /// <param name="window">The window of this read call.</param>
    /// <param name="offset">Where on the disk.</param>
    /// <param name="buffer">Where to.</param>
    /// <param name="first">What <see cref="ClusterMap"/> says of <paramref name="offset"/>.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>Bytes read.</returns>
    internal async ValueTask<int> ReadAsync(SourceWindow window, long offset, Memory<byte> buffer, ClusterRun first, CancellationToken cancellationToken)
    {
        var runs = ArrayPool<ClusterRun>.Shared.Rent((buffer.Length >> geometry.ClusterBits) + 2);
        try
        {
            var count = 0;
            long length = 0;
            for (var run = first; ; run = await map.FindAsync(offset + length, cancellationToken).ConfigureAwait(false))
            {
                if (run.Kind != ClusterKind.Compressed)
                {
                    break;
                }

                runs[count++] = run;
                length += run.Length;
                if (length >= buffer.Length)
                {
                    break;
                }
            }

            var done = 0;
            for (var i = 0; i < count; i++)
            {
                var target = buffer.Slice(done, (int)Math.Min(runs[i].Length, buffer.Length - done));
                await ReadClusterAsync(window, offset + done, target, runs.AsMemory(i, count - i), cancellationToken).ConfigureAwait(false);
                done += target.Length;
            }

            return done;
        }
        finally
        {
            ArrayPool<ClusterRun>.Shared.Return(runs);
        }
    }

    private async ValueTask ReadClusterAsync(
        SourceWindow window, long offset, Memory<byte> target, ReadOnlyMemory<ClusterRun> runs, CancellationToken cancellationToken)
    {
        var cluster = offset >> geometry.ClusterBits;
        var skip = (int)(offset & (geometry.ClusterSize - 1));
        var isWhole = target.Length == geometry.ClusterSize;
        if (!isWhole && _cache.TryCopy(cluster, skip, target.Span))
        {
            return;
        }

        var run = runs.Span[0];
        var start = await window.RequireAsync(run.Position, run.Stored, Ahead(runs.Span), cancellationToken).ConfigureAwait(false);
        var stored = window.Bytes.AsMemory(start, run.Stored);
        if (isWhole)
        {
            Decompress(stored, target.Span, run.Position);
        }
        else
        {
            _cache.Add(cluster, stored, run.Position, Decompress, skip, target.Span);
        }
    }

    /// <summary>How far to read at once.</summary>
    private static int Ahead(ReadOnlySpan<ClusterRun> runs)
    {
        var start = runs[0].Position;
        var end = start + runs[0].Stored;
        foreach (var run in runs[1..])
        {
            if (run.Position < start || run.Position > end + NearBytes || run.Position + run.Stored - start > SourceWindow.MaximumSize)
            {
                break;
            }

            end = Math.Max(end, run.Position + run.Stored);
        }

        return (int)(end - start);
    }

    private void Decompress(ReadOnlyMemory<byte> stored, Span<byte> cluster, long position)
    {
        var isRight = true;
        if (compression == Qcow2Compression.Zstd)
        {
            try
            {
                ZstdDecoder.Decode(stored.Span, cluster);
            }
            catch (InvalidDataException)
            {
                isRight = false;
            }
        }
        else
        {
            // As in QEMU the stream need not end where the cluster does.
            isRight = Inflation.TryDeflate(stored, cluster);
        }

        if (!isRight)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, "The compressed cluster is damaged.", source.Name, position);
        }
    }
}
