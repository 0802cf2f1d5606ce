namespace Ferry.DiskImages.Conversion;

/// <summary>A piece of a disk for one worker.</summary>
/// <param name="Offset">First byte.</param>
/// <param name="Length">Number of bytes.</param>
/// <param name="Previous">Ends when the piece before has its place in the target.</param>
/// <param name="Placed">To be ended when this piece has its place.</param>
internal sealed record ConvertPiece(long Offset, int Length, Task Previous, TaskCompletionSource Placed);
