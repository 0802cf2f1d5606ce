namespace Ferry.Testing;

/// <summary>Stands for the death of the process at a fault point.</summary>
internal sealed class CrashException : Exception;
