using Ferry.DiskImages.FileSystems;

namespace Ferry.DiskImages.Lvm;

/// <summary>A logical volume of linear segments that are all there: its bytes, and where they are on the disks. Safe for concurrent reads.</summary>
/// <param name="name">Name of the group and of the volume: <c>vg/root</c>.</param>
/// <param name="segments">Its segments, in order and without gaps.</param>
internal sealed class LogicalVolume(string name, IReadOnlyList<MappedSegment> segments) : VolumeSource(segments.Count == 0 ? 0 : segments[^1].End)
{
    /// <summary>Name of the group and of the volume.</summary>
    internal string Name { get; } = name;

    /// <summary>Index of the disk on which it begins.</summary>
    internal int Disk => segments[0].Physical.Disk;

    /// <summary>Where it begins on that disk, in bytes.</summary>
    internal long Offset => segments[0].Physical.Offset + segments[0].PhysicalStart;

    /// <inheritdoc/>
    internal override async ValueTask ReadAsync(long offset, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        for (var i = Find(offset); !buffer.IsEmpty; i++)
        {
            var segment = segments[i];
            var part = (int)Math.Min(buffer.Length, segment.End - offset);
            await segment.Physical.Source.ReadAsync(segment.PhysicalStart + (offset - segment.Start), buffer[..part], cancellationToken).ConfigureAwait(false);
            offset += part;
            buffer = buffer[part..];
        }
    }

    /// <summary>Where ascending ranges of the volume are on the disks.</summary>
    internal IEnumerable<(int Disk, DiskRange Range)> Locate(IEnumerable<DiskRange> ranges)
    {
        var i = 0;
        foreach (var range in ranges)
        {
            for (var at = range.Offset; at < range.End;)
            {
                while (segments[i].End <= at)
                {
                    i++;
                }

                var segment = segments[i];
                var length = Math.Min(range.End, segment.End) - at;
                yield return (segment.Physical.Disk, new DiskRange(segment.Physical.Offset + segment.PhysicalStart + (at - segment.Start), length));
                at += length;
            }
        }
    }

    private int Find(long offset)
    {
        var (below, above) = (0, segments.Count);
        while (above - below > 1)
        {
            var middle = (below + above) / 2;
            (below, above) = segments[middle].Start <= offset ? (middle, above) : (below, middle);
        }

        return below;
    }
}
