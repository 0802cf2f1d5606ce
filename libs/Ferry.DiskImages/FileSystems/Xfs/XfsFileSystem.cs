namespace Ferry.DiskImages.FileSystems.Xfs;

/// <summary>
/// XFS versions 4 and 5: what is unused is what the free space B+trees of all allocation groups hold. Headers, free lists, B+trees and log are used. Believed
/// only when the log is clean and, in version 5, all checksums are right.
/// </summary>
/// <param name="volume">The volume.</param>
/// <param name="head">Its start.</param>
internal sealed class XfsFileSystem(VolumeSource volume, byte[] head) : IFileSystem
{
    private readonly XfsSuperblock _superblock = XfsSuperblock.Read(head);

    /// <inheritdoc/>
    public string Kind => "xfs";

    /// <inheritdoc/>
    public string Label => _superblock.Label;

    /// <summary>Looks for a superblock.</summary>
    /// <returns>Null when there is none.</returns>
    internal static XfsFileSystem? Recognise(VolumeSource volume, byte[] head) =>
        head.Length >= XfsSuperblock.Size && XfsSuperblock.IsMatch(head) ? new XfsFileSystem(volume, head) : null;

    /// <inheritdoc/>
    public async ValueTask FindUnusedAsync(UnusedRanges unused, CancellationToken cancellationToken)
    {
        RequireUnderstood();
        var geometry = XfsGeometry.Create(_superblock, volume.Length);
        if (_superblock.HasChecksums && (head.Length < geometry.SectorSize || !XfsChecksum.IsValid(head.AsSpan(0, geometry.SectorSize), XfsSuperblock.ChecksumOffset)))
        {
            throw VolumeRefusedException.Inconsistent("The checksum of the superblock is wrong.");
        }

        await new XfsLog(volume, _superblock, geometry).RequireCleanAsync(cancellationToken).ConfigureAwait(false);
        var blocks = XfsFreeSpaceTree.MostBlocks;
        for (var group = 0u; group < geometry.Groups; group++)
        {
            var (header, list) = await ReadHeadersAsync(geometry, group, cancellationToken).ConfigureAwait(false);
            blocks = await new XfsFreeSpaceTree(volume, _superblock, geometry, header, list).FindUnusedAsync(unused, blocks, cancellationToken).ConfigureAwait(false);
        }
    }

    private void RequireUnderstood()
    {
        var version = _superblock.Version & XfsFeatures.VersionMask;
        if (version is not (XfsFeatures.Version4 or XfsFeatures.Version5) || _superblock.Compatible != 0
            || (_superblock.Incompatible & ~XfsFeatures.KnownIncompatible) != 0 || (_superblock.ReadOnlyCompatible & ~XfsFeatures.KnownReadOnlyCompatible) != 0)
        {
            throw VolumeRefusedException.Unsupported(
                $"Version {version} or the features {_superblock.Compatible:x}/{_superblock.Incompatible:x}/{_superblock.ReadOnlyCompatible:x} of the file system are not known.");
        }

        if (_superblock.LogStart == 0 || _superblock.RealTimeBlocks != 0)
        {
            throw VolumeRefusedException.Unsupported("The file system has a log or real-time data on another device.");
        }

        if (_superblock.InProgress != 0 || (_superblock.Incompatible & XfsFeatures.NeedsRepair) != 0 || _superblock.LogIncompatible != 0)
        {
            throw VolumeRefusedException.Dirty("The file system is incomplete, has to be repaired, or was not unmounted cleanly.");
        }
    }

    private async ValueTask<(XfsFreeSpaceHeader Header, XfsFreeList List)> ReadHeadersAsync(XfsGeometry geometry, uint group, CancellationToken cancellationToken)
    {
        var sectors = await volume.ReadAsync(
            geometry.BlockOffset(group, 0), XfsGeometry.HeaderSectors * geometry.SectorSize, "headers of a group", cancellationToken).ConfigureAwait(false);
        var sector = sectors.AsSpan(geometry.SectorSize, geometry.SectorSize);
        var header = XfsFreeSpaceHeader.Read(sector);
        var valid = XfsFreeSpaceHeader.IsMatch(sector) && header.Version == 1 && header.Group == group && header.Length == geometry.GroupLength(group)
            && (!_superblock.HasChecksums || (XfsChecksum.IsValid(sector, XfsFreeSpaceHeader.ChecksumOffset) && header.Uuid == _superblock.MetaUuid));
        return valid
            ? (header, XfsFreeList.Read(sectors.AsSpan(3 * geometry.SectorSize, geometry.SectorSize), header, _superblock))
            : throw VolumeRefusedException.Inconsistent($"The free space header of group {group} is damaged.");
    }
}
