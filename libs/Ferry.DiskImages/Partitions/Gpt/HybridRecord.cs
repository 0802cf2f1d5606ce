using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Partitions.Mbr;

namespace Ferry.DiskImages.Partitions.Gpt;

/// <summary>
/// The master boot record before a GPT. A hybrid one repeats some of the GPT's partitions for systems that know nothing else; an entry that is in the GPT
/// in another place, or not at all, makes doubtful what it overlaps.
/// </summary>
internal static class HybridRecord
{
    /// <summary>Compares the record with the table.</summary>
    internal static PartitionTable Check(PartitionTable table, BootRecord record)
    {
        var partitions = table.Partitions.ToArray();
        foreach (var entry in record.Entries.Where(entry => entry.IsUsed && entry.Type != PartitionTypes.Protective))
        {
            var offset = (long)entry.FirstSector * table.SectorSize;
            var end = offset + ((long)entry.Sectors * table.SectorSize);
            if (partitions.Any(partition => partition.Offset == offset && partition.End == end))
            {
                continue;
            }

            table = table.With(VolumeFindings.PartitionsInconsistent, $"The master boot record has a partition at byte {offset} that the GPT does not have; what it overlaps counts as used.");
            for (var i = 0; i < partitions.Length; i++)
            {
                if (partitions[i].Offset < end && offset < partitions[i].End)
                {
                    partitions[i] = partitions[i] with { Flags = partitions[i].Flags | PartitionFlags.Doubtful };
                }
            }
        }

        return table with { Partitions = partitions };
    }
}
