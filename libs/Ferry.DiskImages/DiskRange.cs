namespace Ferry.DiskImages;

/// <summary>A range of bytes of a virtual disk.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Number of bytes, at least 1.</param>
public readonly record struct DiskRange(long Offset, long Length)
{
    /// <summary>The first byte behind the range.</summary>
    public long End => Offset + Length;
}
