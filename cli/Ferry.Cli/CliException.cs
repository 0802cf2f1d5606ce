using Ferry.Contracts;

namespace Ferry.Cli;

/// <summary>Ends a command with a failure for the user and an exit code.</summary>
internal sealed class CliException(int exitCode, Failure failure, Exception? inner = null) : Exception(failure.Message, inner)
{
    public int ExitCode { get; } = exitCode;

    public Failure Failure { get; } = failure;
}
