namespace Ferry.Agent;

/// <summary>Exit codes: those of ferry.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Usage = 2;
    public const int SourceUnreadable = 3;
    public const int PreflightRefused = 4;
    public const int StepFailed = 5;
    public const int Cancelled = 6;

    /// <summary>The exit code of an error code.</summary>
    public static int Of(string code) => code switch
    {
        AgentErrors.Usage => Usage,
        AgentErrors.DiskUnknown or AgentErrors.DiskChanged => SourceUnreadable,
        AgentErrors.DiskInUse => PreflightRefused,
        AgentErrors.Cancelled => Cancelled,
        _ when code.StartsWith("IMAGE_", StringComparison.Ordinal) => SourceUnreadable,
        _ => StepFailed,
    };
}
