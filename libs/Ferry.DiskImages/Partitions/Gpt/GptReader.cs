using Ferry.DiskImages.Checksums;
using Ferry.DiskImages.FileSystems;

namespace Ferry.DiskImages.Partitions.Gpt;

/// <summary>Reads a GUID partition table: the first copy, else the backup.</summary>
internal static class GptReader
{
    private const ulong LegacyBootable = 4;

    /// <summary>Reads the table from whichever copy is whole.</summary>
    /// <returns>Null when neither is.</returns>
    internal static async ValueTask<PartitionTable?> ReadAsync(IDiskImageReader disk, CancellationToken cancellationToken)
    {
        foreach (var sector in SectorSizes(disk))
        {
            if (await ReadCopyAsync(disk, 1, sector, cancellationToken).ConfigureAwait(false) is { } first)
            {
                var backup = await ReadCopyAsync(disk, first.Header.Other, sector, cancellationToken).ConfigureAwait(false);
                return Compare(Create(disk, first, sector), first, backup);
            }
        }

        foreach (var sector in SectorSizes(disk))
        {
            if (await ReadCopyAsync(disk, (ulong)((disk.Capacity / sector) - 1), sector, cancellationToken).ConfigureAwait(false) is { } backup)
            {
                return Create(disk, backup, sector).With(VolumeFindings.PartitionsFromBackup, "The first copy of the GPT is damaged; its backup was read.");
            }
        }

        return null;
    }

    /// <summary>Reads the first copy alone.</summary>
    internal static async ValueTask<PartitionTable?> ReadFirstAsync(IDiskImageReader disk, CancellationToken cancellationToken)
    {
        foreach (var sector in SectorSizes(disk))
        {
            if (await ReadCopyAsync(disk, 1, sector, cancellationToken).ConfigureAwait(false) is { } first)
            {
                return Create(disk, first, sector);
            }
        }

        return null;
    }

    /// <summary>A raw image does not know its disk's sectors, so that the other size is tried as well.</summary>
    private static int[] SectorSizes(IDiskImageReader disk) => disk.Info.LogicalSectorSize == 4096 ? [4096, 512] : [512, 4096];

    private static async ValueTask<GptCopy?> ReadCopyAsync(IDiskImageReader disk, ulong place, int sector, CancellationToken cancellationToken)
    {
        var sectors = (ulong)(disk.Capacity / sector);
        if (place == 0 || place >= sectors)
        {
            return null;
        }

        var bytes = new byte[sector];
        await disk.ReadAsync((long)place * sector, bytes, cancellationToken).ConfigureAwait(false);
        if (!GptHeader.IsValid(bytes))
        {
            return null;
        }

        var header = GptHeader.Read(bytes);
        var size = (long)header.EntryCount * header.EntrySize;
        if (header.Self != place || header.EntriesSector < 1 || header.EntriesSector >= sectors || (long)header.EntriesSector * sector > disk.Capacity - size)
        {
            return null;
        }

        var entries = new byte[size];
        await disk.ReadAsync((long)header.EntriesSector * sector, entries, cancellationToken).ConfigureAwait(false);
        return Crc32.Compute(entries) == header.EntriesChecksum ? new GptCopy(header, entries) : null;
    }

    private static PartitionTable Create(IDiskImageReader disk, GptCopy copy, int sector)
    {
        var header = copy.Header;
        var sectors = (ulong)(disk.Capacity / sector);
        var found = new List<Partition>();
        for (var i = 0; i < header.EntryCount; i++)
        {
            var entry = GptEntry.Read(copy.Entries.AsSpan((int)(i * header.EntrySize)));
            if (entry.Type != Guid.Empty)
            {
                found.Add(CreatePartition(entry, i + 1, sector));
            }
        }

        var usable = header.FirstUsable <= header.LastUsable && header.LastUsable < sectors ? ((long)header.FirstUsable * sector, ((long)header.LastUsable + 1) * sector) : (sector, disk.Capacity);
        var (partitions, findings) = PartitionPlaces.Check(found, usable.Item1, usable.Item2);
        return new PartitionTable { Scheme = PartitionScheme.Gpt, SectorSize = sector, DiskId = header.DiskId.ToString(), Partitions = partitions, Findings = findings };
    }

    private static Partition CreatePartition(GptEntry entry, int number, int sector)
    {
        // A place that makes no sense is listed as one that leaves every disk.
        var sane = entry.First <= entry.Last && entry.Last < (ulong)(long.MaxValue / sector) - 1;
        return new Partition
        {
            Number = number,
            Offset = sane ? (long)entry.First * sector : 0,
            Length = sane ? (long)(entry.Last - entry.First + 1) * sector : 0,
            TypeId = entry.Type,
            UniqueId = entry.Id,
            Name = entry.Name,
            Attributes = entry.Attributes,
            Flags = (entry.Attributes & LegacyBootable) != 0 ? PartitionFlags.Bootable : PartitionFlags.None,
        };
    }

    private static PartitionTable Compare(PartitionTable table, GptCopy first, GptCopy? backup)
    {
        if (backup is null)
        {
            return table.With(VolumeFindings.PartitionsWithoutBackup, "The backup of the GPT is damaged or missing; repair it with a partitioning program.");
        }

        var same = first.Header.DiskId == backup.Header.DiskId && first.Entries.AsSpan().SequenceEqual(backup.Entries);
        return same ? table : table.Doubt("The two copies of the GPT are both whole and differ; the first one is listed.");
    }
}
