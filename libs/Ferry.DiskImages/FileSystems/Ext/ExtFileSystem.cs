using System.Buffers.Binary;

namespace Ferry.DiskImages.FileSystems.Ext;

/// <summary>
/// ext2, ext3, ext4: what is unused is what the block bitmaps of all groups say to be free. Journal, superblocks, descriptors and what is kept for them,
/// bitmaps, inode tables are used. Believed only when it was unmounted cleanly, with no journal to replay, when all checksums are right and
/// the counts of all groups agree.
/// </summary>
/// <param name="volume">The volume.</param>
/// <param name="bytes">The superblock.</param>
internal sealed class ExtFileSystem(VolumeSource volume, byte[] bytes) : IFileSystem
{
    private const ushort CleanState = 1;
    private const uint MountProtectionMagic = 0x004d4d50;
    private const uint MountProtectionClean = 0xff4d4d50;

    private readonly ExtSuperblock _superblock = ExtSuperblock.Read(bytes);

    /// <inheritdoc/>
    public string Kind =>
        _superblock.HasIncompatible(ExtFeatures.Extents | ExtFeatures.Bits64 | ExtFeatures.FlexibleBlockGroups)
        || _superblock.HasReadOnlyCompatible(ExtFeatures.GroupChecksums | ExtFeatures.MetadataChecksums | ExtFeatures.BigAlloc) ? "ext4"
        : (_superblock.Compatible & ExtFeatures.HasJournal) != 0 ? "ext3"
        : "ext2";

    /// <inheritdoc/>
    public string Label => _superblock.Label;

    /// <summary>Looks for a superblock.</summary>
    /// <returns>Null when there is none.</returns>
    internal static ExtFileSystem? Recognise(VolumeSource volume, byte[] head) =>
        head.Length >= ExtSuperblock.Offset + ExtSuperblock.Size && ExtSuperblock.IsMatch(head.AsSpan(ExtSuperblock.Offset))
            ? new ExtFileSystem(volume, head.AsSpan(ExtSuperblock.Offset, ExtSuperblock.Size).ToArray())
            : null;

    /// <inheritdoc/>
    public async ValueTask FindUnusedAsync(UnusedRanges unused, CancellationToken cancellationToken)
    {
        RequireUnderstood();
        var geometry = ExtGeometry.Create(_superblock, volume.Length);
        await RequireNotMountedAsync(geometry, cancellationToken).ConfigureAwait(false);
        var table = new ExtGroupTable(volume, _superblock, geometry);
        var metadata = await ExtMetadata.ReadAsync(table, geometry, cancellationToken).ConfigureAwait(false);
        var bitmap = new ExtGroupBitmap(volume, _superblock, geometry, metadata);
        for (var group = 0u; group < geometry.Groups; group++)
        {
            var descriptor = await table.ReadAsync(group, cancellationToken).ConfigureAwait(false);
            await bitmap.FindUnusedAsync(group, descriptor, unused, cancellationToken).ConfigureAwait(false);
        }
    }

    private void RequireUnderstood()
    {
        if (!ExtSuperblock.HasValidChecksum(bytes))
        {
            throw VolumeRefusedException.Inconsistent("The checksum of the superblock is wrong.");
        }

        var (compatible, incompatible, readOnly) = (
            _superblock.Compatible & ~ExtFeatures.KnownCompatible,
            _superblock.Incompatible & ~ExtFeatures.KnownIncompatible,
            _superblock.ReadOnlyCompatible & ~ExtFeatures.KnownReadOnlyCompatible);
        if (_superblock.Revision > 1 || (compatible | incompatible | readOnly) != 0)
        {
            throw VolumeRefusedException.Unsupported($"Revision {_superblock.Revision} or the features {compatible:x}/{incompatible:x}/{readOnly:x} of the file system are not known.");
        }

        if (_superblock.HasIncompatible(ExtFeatures.NeedsRecovery) || _superblock.HasReadOnlyCompatible(ExtFeatures.OrphansPresent) || (_superblock.State & 7) != CleanState)
        {
            throw VolumeRefusedException.Dirty("The file system was not unmounted cleanly, or has errors.");
        }
    }

    /// <summary>With multiple mount protection a block says whether the file system is mounted somewhere (Linux, Documentation/filesystems/ext4, "Multiple Mount Protection").</summary>
    private async ValueTask RequireNotMountedAsync(ExtGeometry geometry, CancellationToken cancellationToken)
    {
        if (!_superblock.HasIncompatible(ExtFeatures.MultipleMountProtection))
        {
            return;
        }

        if (_superblock.MountProtectionBlock >= _superblock.Blocks)
        {
            throw VolumeRefusedException.Inconsistent("The block of the multiple mount protection does not lie within the file system.");
        }

        var block = await volume.ReadAsync((long)_superblock.MountProtectionBlock * geometry.BlockSize, 8, "multiple mount protection", cancellationToken).ConfigureAwait(false);
        if (BinaryPrimitives.ReadUInt32LittleEndian(block) != MountProtectionMagic || BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(4)) != MountProtectionClean)
        {
            throw VolumeRefusedException.Dirty("The file system is mounted somewhere, by its multiple mount protection.");
        }
    }
}
