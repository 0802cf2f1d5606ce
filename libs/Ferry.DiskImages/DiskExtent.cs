namespace Ferry.DiskImages;

/// <summary>A range of a virtual disk of which all bytes are of one kind.</summary>
/// <param name="Offset">First byte, counted from the start of the virtual disk.</param>
/// <param name="Length">Number of bytes, at least 1.</param>
/// <param name="Kind">What the range holds.</param>
public readonly record struct DiskExtent(long Offset, long Length, ExtentKind Kind)
{
    /// <summary>The first byte behind the range.</summary>
    public long End => Offset + Length;
}
