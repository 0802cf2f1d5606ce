namespace Ferry.DiskImages.FileSystems.Ext;

/// <summary>The group descriptors of a file system, read and checked a block at a time. Not for concurrent use.</summary>
/// <param name="volume">The volume.</param>
/// <param name="superblock">Its superblock.</param>
/// <param name="geometry">Its geometry.</param>
internal sealed class ExtGroupTable(VolumeSource volume, ExtSuperblock superblock, ExtGeometry geometry)
{
    private readonly byte[] _block = new byte[geometry.BlockSize];
    private long _loaded = -1;

    /// <summary>The descriptor of a group.</summary>
    /// <exception cref="VolumeRefusedException">Its checksum is wrong, or it is outside of the volume.</exception>
    internal async ValueTask<ExtGroupDescriptor> ReadAsync(uint group, CancellationToken cancellationToken)
    {
        var number = group / geometry.DescriptorsPerBlock;
        if (_loaded != number)
        {
            var offset = geometry.DescriptorBlock(number) * geometry.BlockSize;
            volume.Require(offset, _block.Length, "group descriptors");
            await volume.ReadAsync(offset, _block, cancellationToken).ConfigureAwait(false);
            _loaded = number;
        }

        var bytes = _block.AsSpan((int)(group % geometry.DescriptorsPerBlock) * superblock.DescriptorSize, superblock.DescriptorSize);
        return ExtGroupDescriptor.HasValidChecksum(bytes, group, superblock)
            ? ExtGroupDescriptor.Read(bytes)
            : throw VolumeRefusedException.Inconsistent($"The checksum of the descriptor of group {group} is wrong.");
    }
}
