using System.CommandLine;
using System.Globalization;
using Ferry.Cli.Commands;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;
using Ferry.Contracts.Store;

namespace Ferry.Cli.Store;

/// <summary><c>ferry store verify</c>: reads every chunk and compares it with its id.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var json = Arguments.Json();
        var command = new Command("verify", "Reads every chunk and compares it with its id; sets aside those that are corrupt, and then ends with code 5.") { json };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            return await StoreRun.WatchAsync(client, "verify", "", parsed.GetValue(json), Describe, cancellationToken);
        });
        return command;
    }

    /// <summary>The result for people.</summary>
    public static string Describe(StoreTaskView run)
    {
        if (run.Verification is not { } result)
        {
            return "";
        }

        var summary = string.Create(
            CultureInfo.InvariantCulture, $"{result.Chunks} chunks, {Units.Bytes(result.Bytes)}: {(result.CorruptChunks == 0 ? "all sound" : $"{result.CorruptChunks} corrupt")}");
        return string.Join(Environment.NewLine, [summary, .. result.Corrupt]);
    }
}
