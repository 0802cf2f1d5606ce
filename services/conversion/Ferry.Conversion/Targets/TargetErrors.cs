namespace Ferry.Conversion.Targets;

/// <summary>The closed list of error codes of targets; docs/errors.md explains each. All are found before a byte is read.</summary>
public static class TargetErrors
{
    /// <summary>No target has that name.</summary>
    public const string Unknown = "TARGET_UNKNOWN";

    /// <summary>The target is planned but not built yet.</summary>
    public const string NotBuilt = "TARGET_NOT_BUILT";

    /// <summary>The target does not take images of that format.</summary>
    public const string FormatUnfit = "TARGET_FORMAT_UNFIT";

    /// <summary>The Hyper-V generation that was asked for cannot boot the machine's firmware.</summary>
    public const string FirmwareMismatch = "FIRMWARE_MISMATCH";

    /// <summary>The machine has more of something than the target can have.</summary>
    public const string LimitExceeded = "TARGET_LIMIT_EXCEEDED";
}
