namespace Ferry.DiskImages.Writing;

/// <summary>A signature by which programs take a file for an image.</summary>
/// <param name="Offset">Where it stands; it must not cross a sector of 512 bytes.</param>
/// <param name="Complete">The format's own bytes.</param>
/// <param name="Incomplete">The bytes of the same length that stand there while a delta is being written; other than those of an image that is being created.</param>
internal readonly record struct SignaturePlace(long Offset, ReadOnlyMemory<byte> Complete, ReadOnlyMemory<byte> Incomplete);
