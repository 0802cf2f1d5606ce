using Ferry.DiskImages.Lvm;
using Ferry.DiskImages.Partitions;

namespace Ferry.DiskImages.FileSystems;

/// <summary>Makes the map of one disk. Not for concurrent use.</summary>
/// <param name="disk">The disk.</param>
/// <param name="index">Its index in the set of disks.</param>
/// <param name="options">The options.</param>
internal sealed class UsedBlockMapBuilder(IDiskImageReader disk, int index, UsedBlockMapOptions options)
{
    private readonly List<DiskVolume> _volumes = [];
    private readonly List<DiskRange> _unused = [];
    private readonly List<VolumeFinding> _findings = [];
    private long _minimum = Math.Max(1, options.MinimumLength);
    private PartitionTable? _table;

    /// <summary>Reads the partition table and all volumes but logical ones; physical volumes go to the assembly.</summary>
    internal async ValueTask ReadAsync(VolumeGroupAssembly group, CancellationToken cancellationToken)
    {
        _table = await PartitionTable.ReadAsync(disk, cancellationToken).ConfigureAwait(false);
        _findings.AddRange(_table.Findings);
        var whole = new DiskRangeSource(disk, 0, disk.Capacity);
        var content = await VolumeContent.IdentifyAsync(whole, cancellationToken).ConfigureAwait(false);
        var doubtful = _table.IsDoubtful;
        if (_table.Partitions.Count == 0)
        {
            var volume = new DiskVolume { Kind = VolumeKind.Disk, Name = "disk", Offset = 0, Length = disk.Capacity };
            await ReadVolumeAsync(volume, whole, content, doubtful, group, cancellationToken).ConfigureAwait(false);
            return;
        }

        if (content.Kinds.Count > 0)
        {
            doubtful = true;
            _findings.Add(new VolumeFinding(VolumeFindings.Ambiguous, "disk", $"The disk has partitions, and as a whole it looks like {string.Join(" and ", content.Kinds)}; all of it counts as used."));
        }

        foreach (var partition in _table.Partitions.Where(partition => !partition.Flags.HasFlag(PartitionFlags.Container)))
        {
            await ReadPartitionAsync(partition, doubtful, group, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads a logical volume that begins on this disk.</summary>
    internal async ValueTask ReadLogicalAsync(LogicalVolume logical, IReadOnlyList<UsedBlockMapBuilder> disks, CancellationToken cancellationToken)
    {
        var content = (await VolumeContent.IdentifyAsync(logical, cancellationToken).ConfigureAwait(false)).WithPartitions();
        var (volume, unused) = await MapAsync(
            new DiskVolume { Kind = VolumeKind.LogicalVolume, Name = logical.Name, Offset = logical.Offset, Length = logical.Length }, content, cancellationToken).ConfigureAwait(false);
        _volumes.Add(volume);
        foreach (var (place, range) in logical.Locate(unused))
        {
            disks[place].Keep(range);
        }
    }

    /// <summary>The map.</summary>
    /// <param name="more">Findings of volume groups.</param>
    internal UsedBlockMap Complete(IEnumerable<VolumeFinding> more)
    {
        _unused.Sort((left, right) => left.Offset.CompareTo(right.Offset));
        var joined = new UnusedRanges(_minimum, int.MaxValue);
        foreach (var range in _unused)
        {
            joined.Add(range.Offset, range.Length);
        }

        return new UsedBlockMap(_table!, _volumes, joined.Complete(), [.. _findings, .. more]);
    }

    private async ValueTask ReadPartitionAsync(Partition partition, bool doubtful, VolumeGroupAssembly group, CancellationToken cancellationToken)
    {
        var volume = new DiskVolume
        {
            Kind = VolumeKind.Partition,
            Name = $"partition {partition.Number}",
            Offset = partition.Offset,
            Length = partition.Length,
            Partition = partition,
        };
        if (partition.Flags.HasFlag(PartitionFlags.Doubtful))
        {
            _volumes.Add(volume);
            return;
        }

        var source = new DiskRangeSource(disk, partition.Offset, partition.Length);
        var content = (await VolumeContent.IdentifyAsync(source, cancellationToken).ConfigureAwait(false)).WithPartitions();
        if (PartitionTypes.IsPartOfSomething(partition))
        {
            _volumes.Add(volume with { Content = content.Kind });
            Refuse(volume, VolumeFindings.Unsupported, $"A partition of type {partition.TypeName} is a part of something that is not read here.");
            return;
        }

        await ReadVolumeAsync(volume, source, content, doubtful, group, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask ReadVolumeAsync(
        DiskVolume volume, VolumeSource source, VolumeContent content, bool doubtful, VolumeGroupAssembly group, CancellationToken cancellationToken)
    {
        if (doubtful)
        {
            _volumes.Add(volume with { Content = content.Kind });
            return;
        }

        if (content.IsPhysicalVolume)
        {
            _volumes.Add(volume with { Content = content.Kind });
            await group.AddAsync(new PhysicalVolume(index, volume.Offset, volume.Name, source), cancellationToken).ConfigureAwait(false);
            return;
        }

        var (mapped, unused) = await MapAsync(volume, content, cancellationToken).ConfigureAwait(false);
        _volumes.Add(mapped);
        foreach (var range in unused)
        {
            Keep(new DiskRange(volume.Offset + range.Offset, range.Length));
        }
    }

    private async ValueTask<(DiskVolume Volume, IReadOnlyList<DiskRange> Unused)> MapAsync(DiskVolume volume, VolumeContent content, CancellationToken cancellationToken)
    {
        if (content.FileSystem is not { } fileSystem)
        {
            switch (content.Kinds)
            {
                case []:
                    Refuse(volume, VolumeFindings.Unknown, "Nothing that is known was found.");
                    break;
                case [var kind]:
                    Refuse(volume, VolumeFindings.Unsupported, $"The content is {kind}, whose used blocks are not read.");
                    break;
                default:
                    Refuse(volume, VolumeFindings.Ambiguous, $"The content looks like {string.Join(" and ", content.Kinds)} at once.");
                    break;
            }

            return (volume with { Content = content.Kind }, []);
        }

        var unused = new UnusedRanges(_minimum);
        try
        {
            await fileSystem.FindUnusedAsync(unused, cancellationToken).ConfigureAwait(false);
        }
        catch (VolumeRefusedException e)
        {
            Refuse(volume, e.Code, e.Message);
            return (volume with { Content = content.Kind, Label = fileSystem.Label }, []);
        }

        return (volume with { Content = content.Kind, Label = fileSystem.Label, UnusedBytes = unused.Bytes, IsMapped = true }, unused.Complete());
    }

    private void Keep(DiskRange range)
    {
        if (range.Length < _minimum)
        {
            return;
        }

        _unused.Add(range);
        while (_unused.Count > UnusedRanges.DefaultMost)
        {
            _minimum *= 2;
            _unused.RemoveAll(kept => kept.Length < _minimum);
        }
    }

    private void Refuse(DiskVolume volume, string code, string message) => _findings.Add(new VolumeFinding(code, volume.Name, message));
}
