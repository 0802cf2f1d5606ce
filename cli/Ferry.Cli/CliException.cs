using Ferry.Contracts;

namespace Ferry.Cli;

/// <summary>Ends a command with a failure for the user, and the exit code of its error code.</summary>
internal sealed class CliException(Failure failure, Exception? inner = null, bool atSource = false) : Exception(failure.Message, inner)
{
    public int ExitCode { get; } = Cli.ExitCode.Of(failure.Code, atSource);

    public Failure Failure { get; } = failure;

    /// <summary>What was written on the command line makes no sense.</summary>
    public static CliException Usage(string message, string where, string remedy, Exception? inner = null) =>
        new(new Failure { Code = "USAGE", Message = message, Where = where, Remedy = remedy }, inner);
}
