namespace Ferry.DiskImages;

/// <summary>What a range of a virtual disk holds.</summary>
public enum ExtentKind
{
    /// <summary>Bytes are stored in the image; they may happen to be zero.</summary>
    Data,

    /// <summary>The image says that the range is zero; nothing needs to be read.</summary>
    Zero,

    /// <summary>The image has nothing for the range (and no parent has); it reads as zero.</summary>
    Unallocated,
}
