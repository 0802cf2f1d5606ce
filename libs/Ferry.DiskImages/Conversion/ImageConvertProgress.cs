namespace Ferry.DiskImages;

/// <summary>How far a conversion is.</summary>
/// <param name="Position">Bytes of the virtual disk that are dealt with.</param>
/// <param name="Capacity">Size of the virtual disk in bytes.</param>
/// <param name="BytesWritten">Bytes of data written.</param>
public readonly record struct ImageConvertProgress(long Position, long Capacity, long BytesWritten);
