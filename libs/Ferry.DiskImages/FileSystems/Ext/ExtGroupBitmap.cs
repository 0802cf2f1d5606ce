namespace Ferry.DiskImages.FileSystems.Ext;

/// <summary>The block bitmap of one group after another, with what it has to agree with. Not for concurrent use.</summary>
/// <param name="volume">The volume.</param>
/// <param name="superblock">Its superblock.</param>
/// <param name="geometry">Its geometry.</param>
/// <param name="metadata">The blocks of its structures.</param>
internal sealed class ExtGroupBitmap(VolumeSource volume, ExtSuperblock superblock, ExtGeometry geometry, ExtMetadata metadata)
{
    /// <summary>With flex_bg the bitmaps of neighbouring groups are neighbours, mostly of 16 groups: one read for all of them.</summary>
    private const int WindowBlocks = 16;

    private readonly byte[] _bits = new byte[geometry.ClustersPerGroup / 8];
    private byte[] _window = [];
    private long _windowFirst = -1;

    /// <summary>Adds the unused ranges of a group.</summary>
    /// <exception cref="VolumeRefusedException">The bitmap contradicts its checksum, its descriptor, or the place of a structure.</exception>
    internal async ValueTask FindUnusedAsync(uint group, ExtGroupDescriptor descriptor, UnusedRanges unused, CancellationToken cancellationToken)
    {
        var uninitialised = descriptor.IsUninitialised && superblock.HasReadOnlyCompatible(ExtFeatures.GroupChecksums | ExtFeatures.MetadataChecksums);
        if (uninitialised)
        {
            _bits.AsSpan().Clear();
        }
        else
        {
            await ReadBitsAsync((long)descriptor.BlockBitmap, cancellationToken).ConfigureAwait(false);
            if (!descriptor.MatchesBitmap(_bits, superblock))
            {
                throw VolumeRefusedException.Inconsistent($"The checksum of the block bitmap of group {group} is wrong.");
            }
        }

        MarkStructures(group, uninitialised);
        AddFree(group, descriptor, unused);
    }

    private async ValueTask ReadBitsAsync(long block, CancellationToken cancellationToken)
    {
        if (_windowFirst < 0 || block < _windowFirst || block - _windowFirst >= _window.Length / geometry.BlockSize)
        {
            var blocks = superblock.HasIncompatible(ExtFeatures.FlexibleBlockGroups) ? WindowBlocks : 1;
            var size = (int)Math.Min(blocks * geometry.BlockSize, ((long)superblock.Blocks - block) * geometry.BlockSize);
            _window = _window.Length == size ? _window : new byte[size];
            _windowFirst = block;
            await volume.ReadAsync(block * geometry.BlockSize, _window, cancellationToken).ConfigureAwait(false);
        }

        _window.AsSpan((int)(block - _windowFirst) * geometry.BlockSize, _bits.Length).CopyTo(_bits);
    }

    /// <summary>Structures are used, whatever the bitmap says - and it has to say so.</summary>
    private void MarkStructures(uint group, bool uninitialised)
    {
        var origin = geometry.FirstBlock(group);
        foreach (var (first, end) in metadata.Within(origin, geometry.EndBlock(group)))
        {
            var last = (int)((end - 1 - origin) / geometry.ClusterBlocks);
            for (var cluster = (int)((first - origin) / geometry.ClusterBlocks); cluster <= last; cluster++)
            {
                var mask = (byte)(1 << (cluster & 7));
                if (!uninitialised && (_bits[cluster >> 3] & mask) == 0)
                {
                    throw VolumeRefusedException.Inconsistent($"The block bitmap of group {group} says that a structure of the file system is free.");
                }

                _bits[cluster >> 3] |= mask;
            }
        }
    }

    private void AddFree(uint group, ExtGroupDescriptor descriptor, UnusedRanges unused)
    {
        var (origin, end) = (geometry.FirstBlock(group), geometry.EndBlock(group));
        var clusters = (int)((end - origin + geometry.ClusterBlocks - 1) / geometry.ClusterBlocks);
        var free = 0L;
        var runs = new FreeRuns(_bits, clusters);
        while (runs.MoveNext())
        {
            free += runs.Count;
            var first = origin + ((long)runs.First * geometry.ClusterBlocks);
            var behind = Math.Min(end, first + ((long)runs.Count * geometry.ClusterBlocks));
            unused.Add(first * geometry.BlockSize, (behind - first) * geometry.BlockSize);
        }

        if (free != descriptor.FreeClusters)
        {
            throw VolumeRefusedException.Inconsistent($"Group {group} has {free} free clusters by its bitmap and {descriptor.FreeClusters} by its descriptor.");
        }
    }
}
