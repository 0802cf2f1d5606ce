namespace Ferry.DiskImages.Compression.Zstd;

/// <summary>How the literals of a block are stored (RFC 8878 section 3.1.1.3.1.1, Literals_Block_Type).</summary>
internal enum LiteralsKind
{
    /// <summary>As they are.</summary>
    Plain = 0,

    /// <summary>One byte, again and again.</summary>
    Repeated = 1,

    /// <summary>Huffman codes with their tree.</summary>
    Compressed = 2,

    /// <summary>Huffman codes of the tree before.</summary>
    Treeless = 3,
}
