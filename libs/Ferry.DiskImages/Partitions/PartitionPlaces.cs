using Ferry.DiskImages.FileSystems;

namespace Ferry.DiskImages.Partitions;

/// <summary>Checks where partitions are, and puts them in the order of the disk.</summary>
internal static class PartitionPlaces
{
    /// <summary>The partitions in order, those marked that leave their bounds or overlap; containers are no volumes and may hold others.</summary>
    /// <param name="partitions">As the table has them.</param>
    /// <param name="lower">First byte that a partition may have.</param>
    /// <param name="upper">The byte behind the last one.</param>
    internal static (IReadOnlyList<Partition> Partitions, IReadOnlyList<VolumeFinding> Findings) Check(IEnumerable<Partition> partitions, long lower, long upper)
    {
        Partition[] sorted = [.. partitions.OrderBy(partition => partition.Offset).ThenByDescending(partition => partition.Flags.HasFlag(PartitionFlags.Container))];
        var doubtful = new HashSet<int>();
        var (reach, last) = (0L, -1);
        for (var i = 0; i < sorted.Length; i++)
        {
            var partition = sorted[i];
            if (partition.Offset < lower || partition.Offset > upper - partition.Length)
            {
                doubtful.Add(i);
            }

            if (partition.Flags.HasFlag(PartitionFlags.Container))
            {
                continue;
            }

            if (last >= 0 && partition.Offset < reach)
            {
                doubtful.Add(i);
                doubtful.Add(last);
            }

            if (last < 0 || partition.End > reach)
            {
                (reach, last) = (partition.End, i);
            }
        }

        MarkStrangersInContainers(sorted, doubtful);
        foreach (var i in doubtful)
        {
            sorted[i] = sorted[i] with { Flags = sorted[i].Flags | PartitionFlags.Doubtful };
        }

        return (sorted, [.. doubtful.Order().Select(i => new VolumeFinding(
            VolumeFindings.PartitionsInconsistent, $"partition {sorted[i].Number}", "The partition leaves the disk or overlaps another, so all of it counts as used."))]);
    }

    /// <summary>Only logical partitions may lie in an extended one, and each must.</summary>
    private static void MarkStrangersInContainers(Partition[] sorted, HashSet<int> doubtful)
    {
        Partition[] containers = [.. sorted.Where(partition => partition.Flags.HasFlag(PartitionFlags.Container))];
        for (var i = 0; i < sorted.Length && containers.Length > 0; i++)
        {
            var partition = sorted[i];
            if (partition.Flags.HasFlag(PartitionFlags.Container))
            {
                continue;
            }

            var logical = partition.Flags.HasFlag(PartitionFlags.Logical);
            if (logical
                ? !containers.Any(container => partition.Offset > container.Offset && partition.End <= container.End)
                : containers.Any(container => partition.Offset < container.End && container.Offset < partition.End))
            {
                doubtful.Add(i);
            }
        }
    }
}
