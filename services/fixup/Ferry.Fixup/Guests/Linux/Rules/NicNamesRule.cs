using System.Text;
using Ferry.Contracts.Conversions;
using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>
/// Adapters keep the names that the guest's network configuration uses, pinned to their MAC addresses, which the target keeps: so the configuration of every network manager,
/// static addresses with it, stays as it is.
/// </summary>
public sealed class NicNamesRule : IFixupRule
{
    private const string Folder = "/etc/systemd/network";
    private const string OldRules = "/etc/udev/rules.d/70-persistent-net.rules";
    private const int MaximumFiles = 200;

    /// <inheritdoc/>
    public string Id => "linux-nic-names";

    /// <inheritdoc/>
    public bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.Handles(guest, target);

    /// <inheritdoc/>
    public async Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var names = await AdapterNames.FindAsync(context, cancellationToken);
        if (names.Count == 0)
        {
            return new RulePlan { Rule = Id, Reason = "The network configuration names no adapter." };
        }

        var (pairs, problem) = AdapterNames.Match(names, [.. context.Target.Machine.Nics.Select(n => n.MacAddress)]);
        var edits = await IsOldUdevAsync(context, cancellationToken) ? await PlanRulesAsync(context, pairs, cancellationToken) : await PlanLinksAsync(context, pairs, cancellationToken);
        return new RulePlan
        {
            Rule = Id,
            Reason = problem ?? (edits.Count > 0 ? "The target's kernel gives adapters other names than the network configuration uses." : "The names are pinned already."),
            Edits = edits,
            Findings = problem is null ? [] : [GuestFindings.NicAmbiguous(problem)],
        };
    }

    /// <summary>Whether udev names adapters by its own rules: RHEL 6, SLES 11, Debian 7 and before.</summary>
    private static async Task<bool> IsOldUdevAsync(RuleContext context, CancellationToken cancellationToken) =>
        await context.Tree.IsFileAsync("/sbin/udevd", cancellationToken)
        && !await context.Tree.IsFileAsync("/usr/lib/systemd/systemd-udevd", cancellationToken) && !await context.Tree.IsFileAsync("/lib/systemd/systemd-udevd", cancellationToken);

    private async Task<IReadOnlyList<GuestEdit>> PlanRulesAsync(RuleContext context, IReadOnlyList<(string Name, string Mac)> pairs, CancellationToken cancellationToken)
    {
        var edit = PersistentNetRules.Edit(await context.Tree.ReadTextAsync(OldRules, cancellationToken) ?? "", pairs);
        var real = await context.Tree.ResolveAsync(OldRules, followLast: true, cancellationToken);
        return edit.Changes.Count == 0
            ? []
            :
            [
                new GuestEdit
                {
                    Path = real ?? OldRules,
                    Content = Encoding.Latin1.GetBytes(edit.Text),
                    NewFileMode = real is null ? OwnFile.Readable : null,
                    Changes = [.. edit.Changes.Select(c => new GuestChange { Rule = Id, Path = OldRules, Summary = c })],
                },
            ];
    }

    private async Task<IReadOnlyList<GuestEdit>> PlanLinksAsync(RuleContext context, IReadOnlyList<(string Name, string Mac)> pairs, CancellationToken cancellationToken)
    {
        var links = new List<string>();
        foreach (var file in (await context.Tree.ListAsync(Folder, cancellationToken)).Where(f => f.EndsWith(".link", StringComparison.Ordinal)).Take(MaximumFiles))
        {
            links.Add(await context.Tree.ReadTextAsync($"{Folder}/{file}", cancellationToken) ?? "");
        }

        // A link file for an address is the guest's own decision, or ours of an earlier run.
        return [.. pairs.Select(p => (p.Name, Address: PersistentNetRules.Address(p.Mac))).Where(p => !links.Exists(l => l.Contains(p.Address, StringComparison.OrdinalIgnoreCase)))
            .Select(p => Link(p.Name, p.Address, context.Target.Platform))];
    }

    private GuestEdit Link(string name, string address, string platform)
    {
        // With Azure's accelerated networking a second device of the same address appears, which must not get the name.
        var match = platform == "azure" ? "Driver=hv_netvsc" : "Type=ether";
        var path = $"{Folder}/10-ferry-{name}.link";
        var content = $"# Made by ferry: the adapter keeps the name that this system's network configuration uses.\n[Match]\nMACAddress={address}\n{match}\n\n[Link]\nName={name}\n";
        return new GuestEdit
        {
            Path = path,
            Content = Encoding.ASCII.GetBytes(content),
            NewFileMode = OwnFile.Readable,
            Changes = [new GuestChange { Rule = Id, Path = path, Summary = $"{name} is the adapter with {address}" }],
        };
    }
}
