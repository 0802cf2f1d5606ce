namespace Ferry.DiskImages.Tests.Writing;

/// <summary>One write.</summary>
internal sealed record Piece(long Offset, byte[] Bytes);
