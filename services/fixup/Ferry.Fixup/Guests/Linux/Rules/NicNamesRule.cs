using System.Text;
using Ferry.Contracts.Conversions;
using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>Adapters keep the names that the guest's network configuration uses: pinned to their MAC addresses, which the target keeps.</summary>
public sealed class NicNamesRule : IFixupRule
{
    private const string Folder = "/etc/systemd/network";
    private const int FileMode = 0x1A4;
    private const int MaximumFiles = 200;

    /// <inheritdoc/>
    public string Id => "linux-nic-names";

    /// <inheritdoc/>
    public bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.Handles(guest, target);

    /// <inheritdoc/>
    public async Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var names = await NamesAsync(context, cancellationToken);
        if (names.Count == 0)
        {
            return new RulePlan { Rule = Id, Reason = "The network configuration names no adapter." };
        }

        var (pairs, problem) = Match(names, [.. context.Target.Machine.Nics.Select(n => n.MacAddress)]);
        if (problem is not null)
        {
            return new RulePlan { Rule = Id, Reason = problem, Findings = [GuestFindings.NicAmbiguous(problem)] };
        }

        var edits = new List<GuestEdit>();
        foreach (var (name, mac) in pairs)
        {
            if (await PlanLinkAsync(context, name, mac, cancellationToken) is { } edit)
            {
                edits.Add(edit);
            }
        }

        return new RulePlan { Rule = Id, Reason = edits.Count > 0 ? "The target's kernel gives adapters other names than the network configuration uses." : "The names are pinned already.", Edits = edits };
    }

    /// <summary>Only what is unambiguous: the configuration's own MAC addresses, or one name for one adapter.</summary>
    internal static (IReadOnlyList<(string Name, string Mac)> Pairs, string? Problem) Match(IReadOnlyList<(string Name, string? Mac)> names, IReadOnlyList<string?> adapters)
    {
        if (names.All(n => n.Mac is not null))
        {
            return ([.. names.Select(n => (n.Name, n.Mac!))], null);
        }

        var listed = string.Join(", ", names.Select(n => n.Name));
        return (names, adapters) switch
        {
            ([var only], [{ } mac]) => ([(only.Name, mac)], null),
            (_, [null]) => ([], $"The source gives its adapter no MAC address, so the name {listed} cannot be kept."),
            _ => ([], $"The network configuration names {listed} and the machine has {adapters.Count} adapters; which is which is not certain."),
        };
    }

    private static async Task<IReadOnlyList<(string Name, string? Mac)>> NamesAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var found = new List<(string Name, string? Mac)>();
        async Task ReadAsync(string file, Func<string, IReadOnlyList<(string, string?)>> parse)
        {
            if (await context.Tree.ReadTextAsync(file, cancellationToken) is { } text)
            {
                found.AddRange(parse(text));
            }
        }

        await ReadAsync("/etc/network/interfaces", InterfaceNames.Ifupdown);
        foreach (var file in (await context.Tree.ListAsync("/etc/network/interfaces.d", cancellationToken)).Take(MaximumFiles))
        {
            await ReadAsync($"/etc/network/interfaces.d/{file}", InterfaceNames.Ifupdown);
        }

        foreach (var file in (await context.Tree.ListAsync("/etc/netplan", cancellationToken)).Where(f => f.EndsWith(".yaml", StringComparison.Ordinal)).Take(MaximumFiles))
        {
            await ReadAsync($"/etc/netplan/{file}", InterfaceNames.Netplan);
        }

        return [.. found.GroupBy(f => f.Name).Select(g => (g.Key, g.Select(f => f.Mac).FirstOrDefault(m => m is not null)))];
    }

    private async Task<GuestEdit?> PlanLinkAsync(RuleContext context, string name, string mac, CancellationToken cancellationToken)
    {
        var address = string.Join(':', mac.Chunk(2).Select(pair => new string(pair))).ToLowerInvariant();
        foreach (var file in (await context.Tree.ListAsync(Folder, cancellationToken)).Where(f => f.EndsWith(".link", StringComparison.Ordinal)).Take(MaximumFiles))
        {
            // A link file for this address is the guest's own decision, or ours of an earlier run.
            if (await context.Tree.ReadTextAsync($"{Folder}/{file}", cancellationToken) is { } text && text.Contains(address, StringComparison.OrdinalIgnoreCase))
            {
                return null;
            }
        }

        var path = $"{Folder}/10-ferry-{name}.link";
        var content = $"# Made by ferry: the adapter keeps the name that this system's network configuration uses.\n[Match]\nMACAddress={address}\nType=ether\n\n[Link]\nName={name}\n";
        return new GuestEdit
        {
            Path = path,
            Content = Encoding.ASCII.GetBytes(content),
            NewFileMode = FileMode,
            Changes = [new GuestChange { Rule = Id, Path = path, Summary = $"{name} is the adapter with {address}" }],
        };
    }
}
