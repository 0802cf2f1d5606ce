namespace Ferry.Chunks.Nbd;

/// <summary>A request that failed in the device: the client only sees an error number.</summary>
/// <param name="Command">What was asked.</param>
/// <param name="Offset">Where.</param>
/// <param name="Length">How many bytes.</param>
/// <param name="Cause">What the device threw.</param>
public sealed record NbdFault(NbdCommand Command, long Offset, long Length, Exception Cause);
