using Ferry.DiskImages.FileSystems;

namespace Ferry.DiskImages.Lvm;

/// <summary>A physical volume that was found on one of the disks.</summary>
/// <param name="disk">Index of the disk.</param>
/// <param name="offset">Where the physical volume begins on it, in bytes.</param>
/// <param name="name">What it is for people: <c>partition 2</c>, <c>disk</c>.</param>
/// <param name="source">Its bytes.</param>
internal sealed class PhysicalVolume(int disk, long offset, string name, VolumeSource source)
{
    private const int SectorSize = 512;
    private const int LabelSectors = 4;

    /// <summary>Index of the disk.</summary>
    internal int Disk { get; } = disk;

    /// <summary>Where it begins on the disk, in bytes.</summary>
    internal long Offset { get; } = offset;

    /// <summary>What it is for people.</summary>
    internal string Name { get; } = name;

    /// <summary>Its bytes.</summary>
    internal VolumeSource Source { get; } = source;

    /// <summary>Its id, without hyphens; empty before <see cref="ReadAsync"/>.</summary>
    internal string Id { get; private set; } = "";

    /// <summary>Reads label, header and all metadata areas.</summary>
    /// <returns>The metadata text of each area that has one; none for a physical volume that is in no group.</returns>
    /// <exception cref="VolumeRefusedException">Something of it is damaged: the newest text may have been there.</exception>
    internal async ValueTask<IReadOnlyList<byte[]>> ReadAsync(LvmTextBudget budget, CancellationToken cancellationToken)
    {
        var head = await Source.ReadAsync(0, LabelSectors * SectorSize, "label", cancellationToken).ConfigureAwait(false);
        if (PhysicalVolumeLabel.Find(head) is not { IsValid: true, HeaderOffset: var place }
            || PhysicalVolumeHeader.Read(head.AsSpan(place, SectorSize - (place % SectorSize))) is not { } header)
        {
            throw LvmText.Damaged("the label of a physical volume");
        }

        Id = header.Id;
        var texts = new List<byte[]>();
        foreach (var (start, size) in header.MetadataAreas)
        {
            if (await ReadTextAsync(start, size, budget, cancellationToken).ConfigureAwait(false) is { } text)
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    private async ValueTask<byte[]?> ReadTextAsync(ulong start, ulong size, LvmTextBudget budget, CancellationToken cancellationToken)
    {
        if (start > (ulong)Source.Length || size > (ulong)Source.Length - start || size < MetadataAreaHeader.Size)
        {
            throw LvmText.Damaged("a metadata area is outside of its physical volume");
        }

        var bytes = await Source.ReadAsync((long)start, MetadataAreaHeader.Size, "metadata area", cancellationToken).ConfigureAwait(false);
        if (!MetadataAreaHeader.IsValid(bytes))
        {
            throw LvmText.Damaged("the header of a metadata area");
        }

        var header = MetadataAreaHeader.Read(bytes);
        if (header.IsIgnored || header.TextOffset == 0)
        {
            return null;
        }

        if (header.Start != start || header.AreaSize > size || header.TextOffset < MetadataAreaHeader.Size || header.TextOffset >= header.AreaSize
            || header.TextSize > Math.Min((ulong)LvmTextBudget.MostTextBytes, header.AreaSize - MetadataAreaHeader.Size))
        {
            throw LvmText.Damaged("the place of a metadata text");
        }

        budget.TakeBytes((long)header.TextSize);
        var text = new byte[header.TextSize];
        var first = (int)Math.Min(header.TextSize, header.AreaSize - header.TextOffset);
        await Source.ReadAsync((long)(start + header.TextOffset), text.AsMemory(0, first), cancellationToken).ConfigureAwait(false);
        await Source.ReadAsync((long)start + MetadataAreaHeader.Size, text.AsMemory(first), cancellationToken).ConfigureAwait(false);
        return LvmChecksum.Compute(text) == header.TextChecksum ? text : throw LvmText.Damaged("the checksum of a metadata text");
    }
}
