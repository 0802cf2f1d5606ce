using System.CommandLine;
using System.Text.Json;
using Ferry.Cli.Commands;
using Ferry.Cli.Output;
using Ferry.Contracts.Transfer;

namespace Ferry.Cli.Transfers;

/// <summary><c>ferry limits</c>: the limits of bandwidth and connections of a running Ferry.</summary>
internal static class LimitsCommands
{
    public static Command Create() => new("limits", "Limits of bandwidth and connections.") { Show(), Set() };

    private static Command Show()
    {
        var json = Arguments.Json();
        return TransferCommands.WithServer(
            new Command("show", "Shows the limits.") { json },
            async (client, parsed, cancellationToken) => Print(await client.LimitsAsync(cancellationToken), parsed.GetValue(json)));
    }

    private static Command Set()
    {
        var global = new Option<bool>("--global") { Description = "The limit of all transfers." };
        var host = new Option<string?>("--host") { Description = "The limit of a source host." };
        var link = new Option<string?>("--link") { Description = "The limit of a named link." };
        var via = new Option<string[]>("--via") { Description = "With --link: a host behind the link (host, host:port or *.domain); several times for several.", Arity = ArgumentArity.ZeroOrMore };
        var rules = new Option<string[]>("--rule")
        {
            Description = "A rule: '50 Mbit/s', '08:00-18:00 Mon-Fri: 50 Mbit/s', 'never on Sundays'. Several times for several: the first that fits counts.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var zone = new Option<string>("--time-zone") { Description = "IANA time zone of the rules.", DefaultValueFactory = _ => "UTC" };
        var none = new Option<bool>("--none") { Description = "Takes the limit away." };
        var connections = new Option<int?>("--connections") { Description = "Most connections over all sources; 0 for the server's setting." };
        var perHost = new Option<int?>("--connections-per-host") { Description = "Most connections to one host; 0 for the server's setting." };
        var json = Arguments.Json();
        var command = new Command("set", "Sets one limit, or numbers of connections; effective within a second, also for what runs.")
        {
            global, host, link, via, rules, zone, none, connections, perHost, json,
        };
        return TransferCommands.WithServer(command, async (client, parsed, cancellationToken) =>
        {
            var targets = (parsed.GetValue(global) ? 1 : 0) + (parsed.GetValue(host) is null ? 0 : 1) + (parsed.GetValue(link) is null ? 0 : 1);
            var written = parsed.GetValue(rules) ?? [];
            var numbers = parsed.GetValue(connections) is not null || parsed.GetValue(perHost) is not null;
            if (targets > 1 || (targets == 0 && !numbers) || (targets == 1 && written.Length == 0 == !parsed.GetValue(none)))
            {
                throw CliException.Usage("One of --global, --host and --link is needed, with --rule or --none; or a number of connections", "", "See ferry limits set --help");
            }

            var limit = parsed.GetValue(none) ? null : new BandwidthLimit { Rules = written, TimeZone = parsed.GetRequiredValue(zone), Hosts = parsed.GetValue(via) ?? [] };
            var limits = await client.LimitsAsync(cancellationToken);
            limits = limits with
            {
                Global = parsed.GetValue(global) ? limit : limits.Global,
                Hosts = With(limits.Hosts, parsed.GetValue(host), limit),
                Links = With(limits.Links, parsed.GetValue(link), limit),
                MaxConnections = Number(parsed.GetValue(connections), limits.MaxConnections),
                MaxConnectionsPerHost = Number(parsed.GetValue(perHost), limits.MaxConnectionsPerHost),
            };
            Print(await client.SetLimitsAsync(limits, cancellationToken), parsed.GetValue(json));
        });
    }

    private static int? Number(int? asked, int? before) => asked switch { null => before, 0 => null, _ => asked };

    private static Dictionary<string, BandwidthLimit> With(IReadOnlyDictionary<string, BandwidthLimit> limits, string? name, BandwidthLimit? limit)
    {
        var changed = new Dictionary<string, BandwidthLimit>(limits, StringComparer.Ordinal);
        if (name is not null && limit is null)
        {
            changed.Remove(name);
        }
        else if (name is not null)
        {
            changed[name] = limit!;
        }

        return changed;
    }

    private static void Print(TransferLimits limits, bool json)
    {
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(limits, JsonOutput.Options));
            return;
        }

        Line("global", limits.Global);
        foreach (var (name, limit) in limits.Hosts)
        {
            Line($"host {name}", limit);
        }

        foreach (var (name, limit) in limits.Links)
        {
            Line($"link {name}", limit);
        }

        Console.WriteLine($"connections: {limits.MaxConnections?.ToString() ?? "server's setting"}, to one host: {limits.MaxConnectionsPerHost?.ToString() ?? "server's setting"}");
    }

    private static void Line(string name, BandwidthLimit? limit) => Console.WriteLine(
        $"{name}: {(limit is null ? "none" : $"{string.Join("; ", limit.Rules)} ({limit.TimeZone}){(limit.Hosts.Count > 0 ? $" via {string.Join(", ", limit.Hosts)}" : "")}")}");
}
