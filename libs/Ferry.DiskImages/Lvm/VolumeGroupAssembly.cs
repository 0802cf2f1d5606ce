using System.Security.Cryptography;
using Ferry.DiskImages.FileSystems;

namespace Ferry.DiskImages.Lvm;

/// <summary>Puts the physical volumes of a set of disks together to volume groups, and says where their logical volumes are.</summary>
internal sealed class VolumeGroupAssembly
{
    private readonly List<(PhysicalVolume Physical, VolumeGroup Group)> _texts = [];
    private readonly Dictionary<string, VolumeGroup> _parsed = new(StringComparer.Ordinal);
    private readonly List<PhysicalVolume> _physical = [];
    private readonly HashSet<PhysicalVolume> _claimed = [];
    private readonly List<(int Disk, VolumeFinding Finding)> _findings = [];
    private readonly LvmTextBudget _budget = new();
    private bool _damaged;

    /// <summary>What was found wrong, by the disk with which it has most to do.</summary>
    internal IReadOnlyList<(int Disk, VolumeFinding Finding)> Findings => _findings;

    /// <summary>Adds a physical volume.</summary>
    internal async ValueTask AddAsync(PhysicalVolume physical, CancellationToken cancellationToken)
    {
        _physical.Add(physical);
        try
        {
            foreach (var text in await physical.ReadAsync(_budget, cancellationToken).ConfigureAwait(false))
            {
                _texts.Add((physical, Parse(text)));
            }
        }
        catch (VolumeRefusedException e)
        {
            // Which group it belongs to cannot be told, nor whether the other volumes of that group know the newest state.
            _damaged = true;
            _findings.Add((physical.Disk, new VolumeFinding(VolumeFindings.LvmInconsistent, physical.Name, e.Message)));
        }
    }

    /// <summary>The logical volumes of all groups that are whole, linear and consistent.</summary>
    internal IEnumerable<LogicalVolume> Assemble()
    {
        var volumes = new List<LogicalVolume>();
        foreach (var texts in _texts.GroupBy(text => text.Group.Id, StringComparer.Ordinal))
        {
            try
            {
                if (_damaged)
                {
                    throw LvmText.Damaged("that of another physical volume cannot be read, so that this may not be the newest");
                }

                var newest = texts.MaxBy(text => text.Group.SequenceNumber).Group;
                if (texts.Any(text => text.Group.SequenceNumber == newest.SequenceNumber && text.Group != newest))
                {
                    throw LvmText.Damaged($"two texts of {newest.Name} are the newest, and differ");
                }

                volumes.AddRange(Assemble(newest, [.. texts.Select(text => text.Physical).Distinct()]));
            }
            catch (VolumeRefusedException e)
            {
                _findings.Add((texts.First().Physical.Disk, new VolumeFinding(e.Code, texts.First().Group.Name, e.Message)));
            }
        }

        foreach (var physical in _physical.Where(physical => !_damaged && !_claimed.Contains(physical)))
        {
            _findings.Add((physical.Disk, new VolumeFinding(VolumeFindings.LvmIncomplete, physical.Name, "The physical volume is in no volume group that was found.")));
        }

        return volumes;
    }

    /// <summary>Every physical volume of a group has the same text: it is parsed once.</summary>
    private VolumeGroup Parse(byte[] text)
    {
        var digest = Convert.ToHexString(SHA256.HashData(text));
        if (!_parsed.TryGetValue(digest, out var group))
        {
            group = VolumeGroup.Read(text, _budget);
            _parsed.Add(digest, group);
        }

        return group;
    }

    private List<LogicalVolume> Assemble(VolumeGroup group, IReadOnlyList<PhysicalVolume> claiming)
    {
        var extents = new List<(PhysicalVolume Physical, long First, long Count)>();
        var places = FindPhysical(group);
        if (claiming.Any(physical => !places.Values.Any(place => place.Physical == physical)))
        {
            throw LvmText.Damaged($"a physical volume says that it belongs to {group.Name}, which does not have it");
        }

        var volumes = new List<LogicalVolume>();
        foreach (var (name, section) in group.LogicalVolumes)
        {
            var segments = new List<MappedSegment>();
            foreach (var segment in VolumeGroup.ReadSegments(name, section))
            {
                if (!places.TryGetValue(segment.PhysicalVolume, out var place) || segment.PhysicalStart > place.Extents - segment.Count
                    || segment.Start + segment.Count > long.MaxValue / group.ExtentSize)
                {
                    throw LvmText.Damaged($"a segment of {name} is outside of its physical volume");
                }

                extents.Add((place.Physical, segment.PhysicalStart, segment.Count));
                segments.Add(new MappedSegment(
                    segment.Start * group.ExtentSize, segment.Count * group.ExtentSize, place.Physical, place.Start + (segment.PhysicalStart * group.ExtentSize)));
            }

            // What is not visible is a part of something.
            if (section.Words("status").Contains("VISIBLE", StringComparer.Ordinal) && segments.Count > 0)
            {
                volumes.Add(new LogicalVolume($"{group.Name}/{name}", segments));
            }
        }

        RequireDisjoint(group, extents);
        return volumes;
    }

    private Dictionary<string, (PhysicalVolume Physical, long Start, long Extents)> FindPhysical(VolumeGroup group)
    {
        var places = new Dictionary<string, (PhysicalVolume, long, long)>(StringComparer.Ordinal);
        foreach (var (name, id, start, extents) in group.PhysicalVolumes)
        {
            var found = _physical.Where(physical => physical.Id == id).ToList();
            _claimed.UnionWith(found);
            if (found.Count == 0)
            {
                throw new VolumeRefusedException(VolumeFindings.LvmIncomplete, $"The physical volume {id} of the group {group.Name} is on none of the disks.");
            }

            if (found.Count > 1 || start > found[0].Source.Length || extents > (found[0].Source.Length - start) / group.ExtentSize)
            {
                throw LvmText.Damaged($"the physical volume {id} of {group.Name} is there twice, or smaller than it should be");
            }

            places.Add(name, (found[0], start, extents));
        }

        return places;
    }

    private static void RequireDisjoint(VolumeGroup group, List<(PhysicalVolume Physical, long First, long Count)> extents)
    {
        foreach (var physical in extents.GroupBy(extent => extent.Physical))
        {
            var next = 0L;
            foreach (var extent in physical.OrderBy(extent => extent.First))
            {
                if (extent.First < next)
                {
                    throw LvmText.Damaged($"two logical volumes of {group.Name} have the same extent");
                }

                next = extent.First + extent.Count;
            }
        }
    }
}
