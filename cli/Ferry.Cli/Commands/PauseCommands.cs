using System.CommandLine;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry pause ID</c> and <c>ferry resume ID</c>.</summary>
internal static class PauseCommands
{
    public static Command Pause() => CancelCommand.Action(
        "pause", "Holds a conversion until it is resumed; what is proven is kept.", (client, id, token) => client.PauseAsync(id, token));

    public static Command Resume() => CancelCommand.Action(
        "resume", "Lets a paused conversion go on behind what is proven.", (client, id, token) => client.ResumeAsync(id, token));
}
