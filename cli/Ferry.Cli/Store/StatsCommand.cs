using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ferry.Cli.Commands;
using Ferry.Cli.Output;
using Ferry.Cli.Remote;
using Ferry.Contracts.Store;

namespace Ferry.Cli.Store;

/// <summary><c>ferry store stats</c>: what the store holds.</summary>
internal static class StatsCommand
{
    /// <summary>The server walks over the whole store before it answers.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(30);

    public static Command Create()
    {
        var json = Arguments.Json();
        var command = new Command("stats", "Shows what the store holds, how much dedupe and compression save, and what is left of quota and disk.") { json };
        var server = new ServerOptions();
        server.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var client = server.Client(parsed, Timeout);
            var stats = await client.StoreStatsAsync(cancellationToken);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(stats, JsonOutput.Options) : Describe(stats));
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>The statistics for people.</summary>
    public static string Describe(StoreStats stats)
    {
        var lines = new List<string>
        {
            Line("chunks", $"{stats.Chunks}, {stats.CorruptChunks} set aside as corrupt"),
            Line("stored", $"{Units.Bytes(stats.StoredBytes)} for {Units.Bytes(stats.Bytes)} ({stats.CompressionRatio:0.00} by compression)"),
            stats.LastMark is { } mark
                ? Line("live", $"{Units.Bytes(mark.LiveBytes)} for {Units.Bytes(mark.ReferencedBytes)} of {mark.Manifests} disks ({mark.Saving:0.00} by dedupe and compression)")
                : Line("live", $"not known before the first ferry store gc"),
        };
        if (stats.LastMark is { } last)
        {
            lines.Add(Line("garbage", $"{Units.Bytes(last.GarbageBytes)} in {last.GarbageChunks} chunks, as of {last.At:u}"));
        }

        lines.Add(Line("free", $"{Units.Bytes(stats.FreeBytes)} on the disk, of which {Units.Bytes(stats.ReserveBytes)} are kept free"));
        lines.Add(stats.QuotaBytes == 0 ? Line("quota", $"none") : Line("quota", $"{Units.Bytes(stats.QuotaBytes)}"));
        return string.Join(Environment.NewLine, lines);
    }

    private static string Line(string name, FormattableString text) => $"{name,-8} {text.ToString(CultureInfo.InvariantCulture)}";
}
