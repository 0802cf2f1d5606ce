namespace Ferry.DiskImages.Vhdx;

/// <summary>Where the content of a payload block is.</summary>
internal enum BlockContent
{
    /// <summary>Nowhere; it reads as zero.</summary>
    Nothing,

    /// <summary>It is zero.</summary>
    Zero,

    /// <summary>All in this file.</summary>
    File,

    /// <summary>All in the parent.</summary>
    Parent,

    /// <summary>In this file where a sector bitmap says so, else in the parent.</summary>
    Mixed,
}
