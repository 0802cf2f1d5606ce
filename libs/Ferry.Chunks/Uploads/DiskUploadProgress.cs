namespace Ferry.Chunks.Uploads;

/// <summary>How far the sending of a disk is.</summary>
/// <param name="BytesRead">Bytes of the disk that were looked at.</param>
/// <param name="BytesDone">Bytes of the disk that the server has, zeros included.</param>
/// <param name="Bytes">Size of the disk.</param>
/// <param name="Waiting">What is waited for, or null.</param>
public readonly record struct DiskUploadProgress(long BytesRead, long BytesDone, long Bytes, string? Waiting);
