namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>An initial RAM disk that cannot be read or extended safely.</summary>
public sealed class InitrdException(string message, Exception? inner = null) : Exception(message, inner);
