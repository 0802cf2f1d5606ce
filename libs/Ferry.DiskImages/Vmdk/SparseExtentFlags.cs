namespace Ferry.DiskImages.Vmdk;

/// <summary>Flags of <see cref="SparseExtentHeader"/>.</summary>
[Flags]
internal enum SparseExtentFlags : uint
{
    /// <summary>Nothing set.</summary>
    None = 0,

    /// <summary>The line ends at offset 73 are there to be checked.</summary>
    ValidLineEnds = 1,

    /// <summary>There is a redundant grain directory.</summary>
    RedundantDirectory = 1 << 1,

    /// <summary>A grain table entry of 1 means a grain of zeros.</summary>
    ZeroedGrains = 1 << 2,

    /// <summary>Grains are compressed.</summary>
    Compressed = 1 << 16,

    /// <summary>Compressed grains and tables are preceded by markers.</summary>
    Markers = 1 << 17,
}
