namespace Ferry.DiskImages;

/// <summary>Result of <see cref="ImageComparer"/>.</summary>
/// <param name="FirstDifference">Offset of the first byte that differs, or null when all bytes that both disks have are equal and a longer one's rest is zero.</param>
/// <param name="SameCapacity">Whether the disks have the same size.</param>
public sealed record ImageComparison(long? FirstDifference, bool SameCapacity)
{
    /// <summary>Whether both disks have the same size and content.</summary>
    public bool IsIdentical => FirstDifference is null && SameCapacity;
}
