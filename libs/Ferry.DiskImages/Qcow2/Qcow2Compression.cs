namespace Ferry.DiskImages.Qcow2;

/// <summary>How compressed clusters are compressed (qcow2.txt, "Additional fields", offset 104).</summary>
internal enum Qcow2Compression : byte
{
    /// <summary>DEFLATE without a header; QEMU writes it for a window of 4 KiB.</summary>
    Zlib = 0,

    /// <summary>zstd frames.</summary>
    Zstd = 1,
}
