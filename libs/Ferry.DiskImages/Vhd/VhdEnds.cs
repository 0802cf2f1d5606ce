using Ferry.DiskImages.Writing;

namespace Ferry.DiskImages.Vhd;

/// <summary>What stands at the ends of an image that Ferry writes or wrote.</summary>
internal static class VhdEnds
{
    /// <summary>The mark of an incomplete dynamic image, at offset 0; null when there is none.</summary>
    internal static VhdMark? FirstMark(ImageFile file) => MarkAt(file, 0) is { BlockSize: > 0 } mark ? mark : null;

    /// <summary>The mark of an incomplete fixed image, at the end; null when there is none. What stands at offset 0 of such an image is the guest's.</summary>
    internal static VhdMark? LastMark(ImageFile file) =>
        MarkAt(file, file.Length - VhdMark.Size) is { BlockSize: 0 } mark && mark.Capacity == file.Length - VhdMark.Size ? mark : null;

    /// <summary>Writes a mark to its place, durably.</summary>
    internal static ValueTask MarkAsync(ImageFile file, VhdMark mark, CancellationToken cancellationToken)
    {
        var bytes = new byte[VhdMark.Size];
        mark.Write(bytes);
        file.Write(mark.BlockSize > 0 ? 0 : mark.Capacity, bytes);
        return file.FlushAsync(cancellationToken);
    }

    /// <summary>The valid footer at an offset, or null.</summary>
    internal static VhdFooter? FooterAt(ImageFile file, long offset)
    {
        var bytes = new byte[VhdFooter.Size];
        return offset >= 0 && file.Read(offset, bytes) == bytes.Length && VhdFooter.IsValid(bytes) ? VhdFooter.Read(bytes) : null;
    }

    /// <summary>Ferry's record in a dynamic image, or null.</summary>
    internal static VhdPlanRecord? RecordOf(ImageFile file)
    {
        var bytes = new byte[VhdPlanRecord.Size];
        return file.Read(DynamicVhdLayout.RecordOffset, bytes) == bytes.Length ? VhdPlanRecord.Read(bytes) : null;
    }

    /// <summary>The valid dynamic disk header of an image that Ferry wrote, or null.</summary>
    internal static DynamicDiskHeader? HeaderOf(ImageFile file)
    {
        var bytes = new byte[DynamicDiskHeader.Size];
        return file.Read(DynamicVhdLayout.HeaderOffset, bytes) == bytes.Length && DynamicDiskHeader.IsValid(bytes) ? DynamicDiskHeader.Read(bytes) : null;
    }

    private static VhdMark? MarkAt(ImageFile file, long offset)
    {
        var bytes = new byte[VhdMark.Size];
        return offset >= 0 && file.Read(offset, bytes) == bytes.Length && VhdMark.IsMatch(bytes) ? VhdMark.Read(bytes) : null;
    }
}
