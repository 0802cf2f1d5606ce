namespace Ferry.Transfer.Bandwidth;

/// <summary>A rule or time zone cannot be understood; the message says which part, and what would be.</summary>
public sealed class BandwidthFormatException(string message) : Exception(message);
