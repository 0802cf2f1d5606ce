using System.Globalization;

namespace Ferry.DiskImages.Partitions.Mbr;

/// <summary>Reads a master boot record and the chains of its extended partitions.</summary>
internal static class MbrReader
{
    /// <summary>The number of the first logical partition.</summary>
    private const int FirstLogical = 5;

    /// <summary>Links that are followed; Windows and Linux know far fewer logical partitions.</summary>
    private const int MostLinks = 256;

    /// <summary>Reads the first sector.</summary>
    /// <returns>Null when it is no master boot record.</returns>
    internal static async ValueTask<BootRecord?> ReadRecordAsync(IDiskImageReader disk, CancellationToken cancellationToken) =>
        await ReadRecordAsync(disk, 0, cancellationToken).ConfigureAwait(false);

    /// <summary>Makes the table of a record that protects no GPT.</summary>
    internal static async ValueTask<PartitionTable> ReadAsync(IDiskImageReader disk, BootRecord record, CancellationToken cancellationToken)
    {
        var sector = disk.Info.LogicalSectorSize;
        var table = new PartitionTable
        {
            Scheme = PartitionScheme.Mbr,
            SectorSize = sector,
            DiskId = record.Signature == 0 ? null : record.Signature.ToString("x8", CultureInfo.InvariantCulture),
        };
        var found = new List<Partition>();
        for (var i = 0; i < record.Entries.Count; i++)
        {
            var entry = record.Entries[i];
            if (entry.IsUsed)
            {
                found.Add(Create(entry, i + 1, 0, sector, PartitionTypes.IsExtended(entry.Type) ? PartitionFlags.Container : PartitionFlags.None));
            }
        }

        var broken = false;
        foreach (var container in found.Where(partition => partition.Flags.HasFlag(PartitionFlags.Container)).ToList())
        {
            broken |= !await ReadChainAsync(disk, container, found, cancellationToken).ConfigureAwait(false);
        }

        var (partitions, findings) = PartitionPlaces.Check(found, sector, disk.Capacity);
        table = table with { Partitions = partitions, Findings = findings };
        return broken ? table.Doubt("The chain of an extended partition is broken, or leads back to itself.") : table;
    }

    /// <summary>Follows the chain of an extended partition: each link has one logical partition, and the place of the next link.</summary>
    /// <returns>Whether the chain ends as it should.</returns>
    private static async ValueTask<bool> ReadChainAsync(IDiskImageReader disk, Partition container, List<Partition> found, CancellationToken cancellationToken)
    {
        var sector = disk.Info.LogicalSectorSize;
        var seen = new HashSet<long>();
        var place = container.Offset;
        while (seen.Count < MostLinks && seen.Add(place))
        {
            if (place > disk.Capacity - sector || await ReadRecordAsync(disk, place, cancellationToken).ConfigureAwait(false) is not { } link)
            {
                return false;
            }

            var next = -1L;
            foreach (var entry in link.Entries.Where(entry => entry.IsUsed))
            {
                if (!PartitionTypes.IsExtended(entry.Type))
                {
                    var number = FirstLogical + found.Count(partition => partition.Flags.HasFlag(PartitionFlags.Logical));
                    found.Add(Create(entry, number, place, sector, PartitionFlags.Logical));
                }
                else if (next < 0)
                {
                    next = container.Offset + ((long)entry.FirstSector * sector);
                }
            }

            if (next < 0)
            {
                return true;
            }

            place = next;
        }

        return false;
    }

    private static async ValueTask<BootRecord?> ReadRecordAsync(IDiskImageReader disk, long offset, CancellationToken cancellationToken)
    {
        if (disk.Capacity < offset + BootRecord.Size)
        {
            return null;
        }

        var bytes = new byte[BootRecord.Size];
        await disk.ReadAsync(offset, bytes, cancellationToken).ConfigureAwait(false);
        return BootRecord.IsValid(bytes) ? BootRecord.Read(bytes) : null;
    }

    private static Partition Create(MbrEntry entry, int number, long origin, int sector, PartitionFlags flags) => new()
    {
        Number = number,
        Offset = origin + ((long)entry.FirstSector * sector),
        Length = (long)entry.Sectors * sector,
        MbrType = entry.Type,
        Flags = flags | (entry.Status == 0x80 ? PartitionFlags.Bootable : PartitionFlags.None),
    };
}
