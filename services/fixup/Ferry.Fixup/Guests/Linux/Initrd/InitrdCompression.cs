namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>How a segment of an initial RAM disk is compressed.</summary>
public enum InitrdCompression
{
    /// <summary>Plain newc archive.</summary>
    None,

    /// <summary>gzip.</summary>
    Gzip,

    /// <summary>bzip2.</summary>
    Bzip2,

    /// <summary>LZMA alone.</summary>
    Lzma,

    /// <summary>XZ.</summary>
    Xz,

    /// <summary>LZ4 in the kernel's legacy framing: nothing can be appended to it.</summary>
    Lz4,

    /// <summary>Zstandard.</summary>
    Zstd,

    /// <summary>LZO, in lzop's format.</summary>
    Lzo,
}
