namespace Ferry.Fixup.Appliance;

/// <summary>The appliance could not be started, ended by itself, answered nonsense or ran out of time. Nothing has been committed.</summary>
public sealed class ApplianceException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>It could not be started (libguestfs, qemu or a kernel is missing, or too little memory).</summary>
    public const string NotStarted = "APPLIANCE_NOT_STARTED";

    /// <summary>It ended or answered nonsense.</summary>
    public const string Broken = "APPLIANCE_BROKEN";

    /// <summary>It was killed because the time was up.</summary>
    public const string TimedOut = "APPLIANCE_TIMEOUT";

    /// <summary>Which of the above.</summary>
    public string Code { get; } = code;
}
