namespace Ferry.DiskImages.FileSystems.Ext;

/// <summary>The block bitmap of one group after another, with what it has to agree with. Not for concurrent use.</summary>
/// <param name="volume">The volume.</param>
/// <param name="superblock">Its superblock.</param>
/// <param name="geometry">Its geometry.</param>
/// <param name="metadata">The blocks of its structures.</param>
internal sealed class ExtGroupBitmap(VolumeSource volume, ExtSuperblock superblock, ExtGeometry geometry, ExtMetadata metadata)
{
    private readonly byte[] _bits = new byte[geometry.ClustersPerGroup / 8];

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
            await volume.ReadAsync((long)descriptor.BlockBitmap * geometry.BlockSize, _bits, cancellationToken).ConfigureAwait(false);
            if (!descriptor.MatchesBitmap(_bits, superblock))
            {
                throw VolumeRefusedException.Inconsistent($"The checksum of the block bitmap of group {group} is wrong.");
            }
        }

        MarkStructures(group, uninitialised);
        AddFree(group, descriptor, unused);
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
