using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Qcow2;

/// <summary>
/// Ends the walk through an image whose tables or clusters must stand upon each other, as together they are more than the file: a few bytes could claim a disk that
/// takes years to read.
/// </summary>
internal sealed class OverlapGuard(IByteSource source, Qcow2Geometry geometry)
{
    private long _index = -1;
    private long _tables;
    private long _data;

    /// <summary>Counts the L2 table of an offset that the walk comes to, once.</summary>
    internal async ValueTask EnterAsync(ClusterMap map, long offset, CancellationToken cancellationToken)
    {
        var index = offset >> (geometry.ClusterBits + geometry.L2Bits);
        if (index != _index)
        {
            _index = index;
            _tables += await map.FindTableAsync(index, cancellationToken).ConfigureAwait(false) == 0 ? 0 : geometry.ClusterSize;
            Require(_tables, "L2 tables");
        }
    }

    /// <summary>Counts bytes that stand in the file as they are.</summary>
    internal void Add(long bytes)
    {
        _data += bytes;
        Require(_data, "clusters");
    }

    private void Require(long bytes, string what)
    {
        if (bytes > source.Length)
        {
            throw new InvalidDiskImageException(DiskImageErrors.Corrupt, $"The image has more {what} than its file has room for: they overlap.", source.Name);
        }
    }
}
