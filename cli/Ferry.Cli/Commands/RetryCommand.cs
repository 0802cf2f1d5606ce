using System.CommandLine;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry retry ID</c>: a failed conversion goes on at the step that failed.</summary>
internal static class RetryCommand
{
    public static Command Create() => CancelCommand.Action(
        "retry", "Takes a failed conversion up again at the step that failed.", (client, id, token) => client.RetryAsync(id, token));
}
