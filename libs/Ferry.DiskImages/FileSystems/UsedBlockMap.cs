using Ferry.DiskImages.Partitions;

namespace Ferry.DiskImages.FileSystems;

/// <summary>
/// Which bytes of a disk no file system uses. Everything else is used: what is outside of partitions, partition tables, the structures and journals of file
/// systems, and the whole of every volume that is dirty, inconsistent, unknown or not understood, which a finding says.
/// </summary>
public sealed class UsedBlockMap
{
    internal UsedBlockMap(PartitionTable partitions, IReadOnlyList<DiskVolume> volumes, IReadOnlyList<DiskRange> unused, IReadOnlyList<VolumeFinding> findings)
    {
        Partitions = partitions;
        Volumes = volumes;
        Unused = unused;
        Findings = findings;
    }

    /// <summary>The partition table.</summary>
    public PartitionTable Partitions { get; }

    /// <summary>The volumes in the order of the disk, logical volumes last.</summary>
    public IReadOnlyList<DiskVolume> Volumes { get; }

    /// <summary>The ranges that nothing uses, ascending, disjoint, neighbours joined.</summary>
    public IReadOnlyList<DiskRange> Unused { get; }

    /// <summary>What is worth knowing, the findings of the partition table included.</summary>
    public IReadOnlyList<VolumeFinding> Findings { get; }

    /// <summary>Sum of <see cref="Unused"/> in bytes.</summary>
    public long UnusedBytes => Unused.Sum(range => range.Length);

    /// <summary>Reads the map of one disk. A volume group that has parts on other disks counts as used; see <see cref="ReadAllAsync"/>.</summary>
    /// <param name="disk">The disk, which must not change meanwhile; the caller keeps ownership.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="DiskImageException">The disk cannot be read.</exception>
    public static async ValueTask<UsedBlockMap> ReadAsync(IDiskImageReader disk, UsedBlockMapOptions? options = null, CancellationToken cancellationToken = default) =>
        (await ReadAllAsync([disk], options, cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Reads the maps of all disks of a machine together, for volume groups that span them.</summary>
    /// <param name="disks">The disks, which must not change meanwhile; the caller keeps ownership.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <returns>One map for each disk, in the same order.</returns>
    /// <exception cref="DiskImageException">A disk cannot be read.</exception>
    public static async ValueTask<IReadOnlyList<UsedBlockMap>> ReadAllAsync(
        IReadOnlyList<IDiskImageReader> disks, UsedBlockMapOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(disks);
        options ??= new UsedBlockMapOptions();
        var builders = new List<UsedBlockMapBuilder>();
        var group = new Lvm.VolumeGroupAssembly();
        for (var i = 0; i < disks.Count; i++)
        {
            var builder = new UsedBlockMapBuilder(disks[i], i, options);
            await builder.ReadAsync(group, cancellationToken).ConfigureAwait(false);
            builders.Add(builder);
        }

        foreach (var volume in group.Assemble())
        {
            await builders[volume.Disk].ReadLogicalAsync(volume, builders, cancellationToken).ConfigureAwait(false);
        }

        return [.. builders.Select((builder, i) => builder.Complete(group.Findings.Where(found => found.Disk == i).Select(found => found.Finding)))];
    }
}
