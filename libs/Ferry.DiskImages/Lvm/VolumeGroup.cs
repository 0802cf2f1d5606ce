using Ferry.DiskImages.FileSystems;

namespace Ferry.DiskImages.Lvm;

/// <summary>A volume group as its metadata text describes it (vgcfgbackup(8)).</summary>
/// <param name="Name">Its name.</param>
/// <param name="Id">Its id.</param>
/// <param name="SequenceNumber">Grows with every change.</param>
/// <param name="ExtentSize">Bytes of an extent.</param>
/// <param name="Root">The section of the group, by which two descriptions are told apart.</param>
internal sealed record VolumeGroup(string Name, string Id, long SequenceNumber, long ExtentSize, LvmSection Root)
{
    private const int SectorSize = 512;
    private const long MostExtentSectors = 1L << 32;

    /// <summary>The names and ids of its physical volumes, with the byte where their extents begin, and how many there are.</summary>
    internal IEnumerable<(string Name, string Id, long Start, long Extents)> PhysicalVolumes => Root.Section("physical_volumes").Sections.Select(
        entry => (entry.Key, PlainId(entry.Value.Word("id")), Limited(entry.Value.Number("pe_start")) * SectorSize, Limited(entry.Value.Number("pe_count"))));

    /// <summary>Its logical volumes, the hidden parts of others included.</summary>
    internal IEnumerable<(string Name, LvmSection Section)> LogicalVolumes =>
        Root.Sections.TryGetValue("logical_volumes", out var volumes) ? volumes.Sections.Select(entry => (entry.Key, entry.Value)) : [];

    /// <summary>Reads a text.</summary>
    /// <exception cref="VolumeRefusedException">It is damaged.</exception>
    internal static VolumeGroup Read(ReadOnlySpan<byte> text, LvmTextBudget budget)
    {
        var all = LvmText.Parse(text, budget);
        if (all.Sections.Count != 1)
        {
            throw LvmText.Damaged("it has not one volume group");
        }

        var (name, root) = all.Sections.First();
        var extent = root.Number("extent_size");
        return extent is > 0 and <= MostExtentSectors
            ? new VolumeGroup(name, root.Word("id"), root.Number("seqno"), extent * SectorSize, root)
            : throw LvmText.Damaged("the size of an extent is impossible");
    }

    /// <summary>The segments of a logical volume in their order.</summary>
    /// <exception cref="VolumeRefusedException">They leave gaps, or one is not linear.</exception>
    internal static List<LinearSegment> ReadSegments(string name, LvmSection volume)
    {
        var segments = new List<LinearSegment>();
        foreach (var section in volume.Sections.Where(entry => entry.Key.StartsWith("segment", StringComparison.Ordinal)).Select(entry => entry.Value))
        {
            // LVM calls a linear segment striped over one stripe.
            var type = section.Word("type");
            var stripes = section.Words("stripes");
            if (type is not ("striped" or "linear") || stripes is not [var physical, var first] || section.Number("stripe_count") != 1)
            {
                throw new VolumeRefusedException(VolumeFindings.LvmUnsupported, $"The logical volume {name} has a segment of type {type} that is not linear.");
            }

            segments.Add(new LinearSegment(Limited(section.Number("start_extent")), Limited(section.Number("extent_count")), physical, ParseExtent(first)));
        }

        segments.Sort((left, right) => left.Start.CompareTo(right.Start));
        var next = 0L;
        foreach (var segment in segments)
        {
            if (segment.Start != next || segment.Count == 0)
            {
                throw LvmText.Damaged($"the segments of {name} leave gaps or overlap");
            }

            next += segment.Count;
        }

        return segments;
    }

    /// <summary>An id without the hyphens that texts have it with.</summary>
    internal static string PlainId(string id) => id.Replace("-", "", StringComparison.Ordinal);

    private static long ParseExtent(string word) =>
        long.TryParse(word, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var extent)
            ? Limited(extent)
            : throw LvmText.Damaged("the first extent of a segment is no number");

    /// <summary>Numbers that can be multiplied by 512, or added, without overflow.</summary>
    private static long Limited(long number) => number < 1L << 50 ? number : throw LvmText.Damaged($"the number {number} is impossible");
}
