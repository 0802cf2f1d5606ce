namespace Ferry.Fixup.Appliance;

/// <summary>A libguestfs call failed; the appliance itself is still there.</summary>
public sealed class GuestfsException(string operation, string message, int errno) : Exception($"{operation}: {message}")
{
    /// <summary><c>ENOENT</c>.</summary>
    public const int NoEntry = 2;

    /// <summary><c>ENODATA</c>: there is no such extended attribute.</summary>
    public const int NoAttribute = 61;

    /// <summary><c>EOPNOTSUPP</c>: the file system has no extended attributes.</summary>
    public const int NotSupported = 95;

    /// <summary>The worker's name of the operation.</summary>
    public string Operation { get; } = operation;

    /// <summary>The guest kernel's error number, or 0.</summary>
    public int Errno { get; } = errno;
}
