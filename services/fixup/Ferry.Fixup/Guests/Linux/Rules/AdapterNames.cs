using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>The adapters that a guest's network managers name, and which adapter of the machine each is.</summary>
internal static class AdapterNames
{
    private const int MaximumFiles = 200;

    /// <summary>Names with the MAC address where the configuration tells it.</summary>
    public static async Task<IReadOnlyList<(string Name, string? Mac)>> FindAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var found = new List<(string Name, string? Mac)>();
        await ReadAsync("/etc/network/interfaces", (_, text) => InterfaceNames.Ifupdown(text));
        await FolderAsync("/etc/network/interfaces.d", "", (_, text) => InterfaceNames.Ifupdown(text));
        await FolderAsync("/etc/netplan", ".yaml", (_, text) => InterfaceNames.Netplan(text));
        await FolderAsync("/etc/sysconfig/network-scripts", "", NetworkFileNames.Ifcfg);
        await FolderAsync("/etc/sysconfig/network", "", NetworkFileNames.Ifcfg);
        await FolderAsync("/etc/NetworkManager/system-connections", "", (_, text) => NetworkFileNames.Keyfile(text));
        await FolderAsync("/etc/systemd/network", ".network", (_, text) => NetworkFileNames.Networkd(text));
        return [.. found.GroupBy(f => f.Name).Select(g => (g.Key, g.Select(f => f.Mac).FirstOrDefault(m => m is not null)))];

        async Task ReadAsync(string file, Func<string, string, IReadOnlyList<(string, string?)>> parse)
        {
            if (await context.Tree.IsFileAsync(file, cancellationToken) && await context.Tree.ReadTextAsync(file, cancellationToken) is { } text)
            {
                found.AddRange(parse(file[(file.LastIndexOf('/') + 1)..], text));
            }
        }

        async Task FolderAsync(string folder, string ending, Func<string, string, IReadOnlyList<(string, string?)>> parse)
        {
            foreach (var file in (await context.Tree.ListAsync(folder, cancellationToken)).Where(f => f.EndsWith(ending, StringComparison.Ordinal)).Take(MaximumFiles))
            {
                await ReadAsync($"{folder}/{file}", parse);
            }
        }
    }

    /// <summary>Only what is unambiguous: the configuration's own MAC addresses, and one name that is left for one adapter that is left.</summary>
    public static (IReadOnlyList<(string Name, string Mac)> Pairs, string? Problem) Match(IReadOnlyList<(string Name, string? Mac)> names, IReadOnlyList<string?> adapters)
    {
        var known = names.Where(n => n.Mac is not null).Select(n => (n.Name, n.Mac!)).ToList();
        var open = names.Where(n => n.Mac is null).Select(n => n.Name).ToList();
        if (open.Count == 0)
        {
            return (known, null);
        }

        var left = adapters.Where(a => a is null || !known.Exists(k => k.Item2 == a)).ToList();
        var listed = string.Join(", ", open);
        return (open, left) switch
        {
            ([var only], [{ } mac]) => ([.. known, (only, mac)], null),
            (_, [null]) => (known, $"The source gives its adapter no MAC address, so the name {listed} cannot be kept."),
            _ => (known, $"The network configuration names {listed} and the machine has {left.Count} adapters for it; which is which is not certain."),
        };
    }
}
