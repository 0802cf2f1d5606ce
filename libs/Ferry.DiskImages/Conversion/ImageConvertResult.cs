namespace Ferry.DiskImages;

/// <summary>What a conversion did.</summary>
/// <param name="Capacity">Size of the virtual disk in bytes.</param>
/// <param name="BytesRead">Bytes of data extents read from the source.</param>
/// <param name="BytesWritten">Bytes of data written; the rest is zero and takes no space.</param>
public sealed record ImageConvertResult(long Capacity, long BytesRead, long BytesWritten);
