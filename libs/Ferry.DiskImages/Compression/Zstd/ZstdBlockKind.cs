namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>How a block is stored (RFC 8878 section 3.1.1.2.2).</summary>
internal enum ZstdBlockKind
{
    /// <summary>As it is.</summary>
    Plain = 0,

    /// <summary>One byte, again and again.</summary>
    Repeated = 1,

    /// <summary>Literals and sequences.</summary>
    Compressed = 2,

    /// <summary>Not a block.</summary>
    Reserved = 3,
}
