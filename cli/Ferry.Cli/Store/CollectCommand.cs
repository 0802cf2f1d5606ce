using System.CommandLine;
using System.Globalization;
using Ferry.Cli.Commands;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;
using Ferry.Contracts.Store;

namespace Ferry.Cli.Store;

/// <summary><c>ferry store gc</c>: deletes chunks that no manifest needs.</summary>
internal static class CollectCommand
{
    public static Command Create()
    {
        var json = Arguments.Json();
        var dryRun = new Option<bool>("--dry-run") { Description = "Delete nothing, only say what would go." };
        var command = new Command("gc", "Deletes the chunks that no manifest needs and that nobody has used lately.") { dryRun, json };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed);
            var query = parsed.GetValue(dryRun) ? "?dryRun=true" : "";
            return await StoreRun.WatchAsync(client, "gc", query, parsed.GetValue(json), Describe, cancellationToken);
        });
        return command;
    }

    /// <summary>The result for people.</summary>
    public static string Describe(StoreTaskView run) => run.Collection is not { } result ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"{(result.DryRun ? "would free" : "freed")} {Units.Bytes(result.CollectedBytes)} in {result.CollectedChunks} chunks; {result.Mark.Manifests} disks need {Units.Bytes(result.Mark.LiveBytes)} in {result.Mark.LiveChunks} chunks; {Units.Bytes(result.Mark.GarbageBytes)} {(result.DryRun ? "are garbage" : "of garbage are too young to go")}");
}
