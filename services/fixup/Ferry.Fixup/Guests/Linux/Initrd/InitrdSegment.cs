namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>One part of an initial RAM disk's file.</summary>
/// <param name="Compression">Its compression.</param>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Bytes, without the zeros after it.</param>
public readonly record struct InitrdSegment(InitrdCompression Compression, int Offset, int Length);
