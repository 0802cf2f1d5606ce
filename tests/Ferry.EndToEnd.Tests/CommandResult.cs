namespace Ferry.EndToEnd.Tests;

/// <summary>What a command left behind.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Errors)
{
    public override string ToString() => $"exit code {ExitCode}\n{Output}\n{Errors}";
}
