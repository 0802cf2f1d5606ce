namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>Where the FSE table of a kind of code comes from (RFC 8878 section 3.1.1.3.2.1, Symbol_Compression_Modes).</summary>
internal enum SequenceMode
{
    /// <summary>The predefined distribution.</summary>
    Predefined = 0,

    /// <summary>One code for all sequences.</summary>
    Repeated = 1,

    /// <summary>A distribution of its own.</summary>
    Compressed = 2,

    /// <summary>The table of the block before.</summary>
    Previous = 3,
}
