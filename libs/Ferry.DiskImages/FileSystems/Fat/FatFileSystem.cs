namespace Ferry.DiskImages.FileSystems.Fat;

/// <summary>
/// FAT12, FAT16, FAT32: what is unused is the clusters whose entry in the table is 0. Boot sectors, tables and the root directory of FAT12 and FAT16 are used;
/// the counts of FSInfo are not looked at. Believed only when the volume is not marked dirty, all copies of the table are equal, and no cluster leads to a free one.
/// </summary>
/// <param name="volume">The volume.</param>
/// <param name="head">Its start.</param>
internal sealed class FatFileSystem(VolumeSource volume, byte[] head) : IFileSystem
{
    private const uint MostClusters = 0x0ffffff5;
    private const ushort MirroringOff = 0x80;
    private const uint FirstCluster = 2;

    private readonly FatBootSector _boot = FatBootSector.Read(head);

    /// <inheritdoc/>
    public string Kind => $"fat{_boot.Bits}";

    /// <inheritdoc/>
    public string Label => _boot.Label == "NO NAME" ? "" : _boot.Label;

    /// <summary>Looks for a boot sector.</summary>
    /// <returns>Null when there is none.</returns>
    internal static FatFileSystem? Recognise(VolumeSource volume, byte[] head) =>
        head.Length >= FatBootSector.Size && FatBootSector.IsMatch(head) ? new FatFileSystem(volume, head) : null;

    /// <inheritdoc/>
    public async ValueTask FindUnusedAsync(UnusedRanges unused, CancellationToken cancellationToken)
    {
        RequireUnderstood();
        var table = new FatTable(volume, _boot);
        await RequireCleanAsync(table, cancellationToken).ConfigureAwait(false);
        var free = await ReadFreeAsync(table, unused, cancellationToken).ConfigureAwait(false);
        await RequireChainsAsync(table, free, cancellationToken).ConfigureAwait(false);
    }

    private void RequireUnderstood()
    {
        var size = (long)_boot.Sectors * _boot.SectorSize;
        var otherName = _boot.TypeName is "FAT12" or "FAT16" or "FAT32" && !string.Equals(_boot.TypeName, Kind, StringComparison.OrdinalIgnoreCase);
        if (size > volume.Length || otherName || _boot.IsFat32 != (_boot.RootEntries == 0) || _boot.Clusters == 0 || _boot.Clusters > MostClusters
            || (long)_boot.TableSectors * _boot.SectorSize < (((long)_boot.Clusters + FirstCluster) * _boot.Bits + 7) / 8
            || (_boot.Bits == 16 && _boot.Clusters > 0xfff5)
            || (_boot.Bits == 32 && (_boot.RootCluster < FirstCluster || _boot.RootCluster - FirstCluster >= _boot.Clusters)))
        {
            throw VolumeRefusedException.Inconsistent($"The file system has {_boot.Clusters} clusters and {size} bytes, the volume {volume.Length} bytes.");
        }

        if ((_boot.ExtendedFlags & MirroringOff) != 0 || _boot.Version != 0)
        {
            throw VolumeRefusedException.Unsupported("The file system keeps only one of its tables up to date, or is of a later version.");
        }
    }

    /// <summary>The second entry says in its two highest bits whether the volume was dismounted cleanly and had no errors (section 4.2); FAT12 has no such bits.</summary>
    private async ValueTask RequireCleanAsync(FatTable table, CancellationToken cancellationToken)
    {
        var (first, second) = (await table.ReadAsync(0, cancellationToken).ConfigureAwait(false), await table.ReadAsync(1, cancellationToken).ConfigureAwait(false));
        if ((byte)first != _boot.Media)
        {
            throw VolumeRefusedException.Inconsistent("The file allocation table does not begin with the medium that the boot sector says.");
        }

        var clean = _boot.Bits switch { 12 => 0u, 16 => 0xc000u, _ => 0x0c000000u };
        if ((second & clean) != clean || (_boot.State & 1) != 0)
        {
            throw VolumeRefusedException.Dirty("The volume is marked as not dismounted cleanly, or as having errors.");
        }
    }

    /// <summary>Adds the free clusters.</summary>
    /// <returns>A bit for each entry of the table: set when it is free.</returns>
    private async ValueTask<ulong[]> ReadFreeAsync(FatTable table, UnusedRanges unused, CancellationToken cancellationToken)
    {
        var free = new ulong[(table.Entries / 64) + 1];
        for (var cluster = FirstCluster; cluster < table.Entries; cluster++)
        {
            if (await table.ReadAsync(cluster, cancellationToken).ConfigureAwait(false) == 0)
            {
                free[cluster / 64] |= 1UL << (int)(cluster % 64);
                unused.Add(_boot.ClusterOffset(cluster), _boot.ClusterSize);
            }
        }

        return free;
    }

    /// <summary>Nothing may lead to a cluster that is free or not there: then files would have lost clusters.</summary>
    private async ValueTask RequireChainsAsync(FatTable table, ulong[] free, CancellationToken cancellationToken)
    {
        if (_boot.Bits == 32)
        {
            RequireInUse(_boot.RootCluster);
        }

        for (var cluster = FirstCluster; cluster < table.Entries; cluster++)
        {
            var next = await table.ReadAsync(cluster, cancellationToken).ConfigureAwait(false);
            if (next != 0 && next < table.Bad)
            {
                RequireInUse(next);
            }
        }

        void RequireInUse(uint cluster)
        {
            if (cluster < FirstCluster || cluster >= table.Entries || (free[cluster / 64] & (1UL << (int)(cluster % 64))) != 0)
            {
                throw VolumeRefusedException.Inconsistent($"A file goes on in cluster {cluster}, which is free or does not exist.");
            }
        }
    }
}
