using Ferry.DiskImages.Conversion;
using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Qcow2.Writing;

/// <summary>
/// The target of a conversion in one pass, from front to back, compressed or not. Workers search for zeros and compress on all cores; only the places are given out
/// in order. It cannot be continued.
/// </summary>
internal sealed class Qcow2Target : IConvertTarget
{
    private readonly ImageFile _file;
    private readonly Qcow2Geometry _geometry;
    private readonly bool _isCompressed;
    private readonly ClusterStream _stream;

    private Qcow2Target(ImageFile file, Qcow2Layout layout)
    {
        _file = file;
        _geometry = layout.Geometry;
        _isCompressed = layout.IsCompressed;
        _stream = new ClusterStream(file, layout);
    }

    /// <inheritdoc/>
    public int Alignment => _geometry.ClusterSize;

    /// <summary>Creates the file.</summary>
    internal static async ValueTask<IConvertTarget> CreateAsync(string path, DiskImagePlan plan, CancellationToken cancellationToken)
    {
        var layout = Qcow2Layout.Create(plan);
        var file = ImageFile.CreateNew(path);
        try
        {
            await Qcow2Creation.BeginAsync(file, layout, digest: null, layout.FirstCluster * layout.Geometry.ClusterSize, cancellationToken).ConfigureAwait(false);
            return new Qcow2Target(file, layout);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IPreparedPiece? Prepare(long offset, ReadOnlyMemory<byte> data)
    {
        var size = _geometry.ClusterSize;
        Qcow2Piece? piece = null;
        for (var at = 0; at < data.Length; at += size)
        {
            var cluster = data.Slice(at, Math.Min(size, data.Length - at));
            if (!ZeroRuns.IsZero(cluster.Span))
            {
                piece ??= new Qcow2Piece(_file, _stream, data, size, _isCompressed);
                piece.Add((offset + at) >> _geometry.ClusterBits, at, cluster.Length);
            }
        }

        return piece;
    }

    /// <summary>Data first, then the last tables, each made durable when asked for; the signature, which makes the file an image, last.</summary>
    public async ValueTask CompleteAsync(bool durable, CancellationToken cancellationToken)
    {
        _file.SetLength(_stream.Finish());
        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
        _file.Write(0, Qcow2Header.Signature);
        await _file.FlushIfAsync(durable, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Remove() => ImageFile.Delete(_file.Path);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _file.Dispose();
        return ValueTask.CompletedTask;
    }
}
