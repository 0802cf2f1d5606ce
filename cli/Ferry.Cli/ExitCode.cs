namespace Ferry.Cli;

/// <summary>The exit codes of the command-line contract.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    public const int Usage = 2;

    public const int SourceUnreadable = 3;

    public const int PreflightRefused = 4;

    public const int StepFailed = 5;

    public const int Cancelled = 6;
}
