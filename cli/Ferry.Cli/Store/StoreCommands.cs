using System.CommandLine;

namespace Ferry.Cli.Store;

/// <summary><c>ferry store</c>: the chunk store of a running Ferry.</summary>
internal static class StoreCommands
{
    public static Command Create() => new("store", "The chunk store of a running Ferry: what it holds, whether it is sound, and what nobody needs any more.")
    {
        StatsCommand.Create(), VerifyCommand.Create(), CollectCommand.Create(),
    };
}
