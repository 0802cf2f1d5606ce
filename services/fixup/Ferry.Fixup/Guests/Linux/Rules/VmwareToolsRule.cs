using System.Text.RegularExpressions;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>VMware Tools that were installed from the archive, and mounts of VMware's shared folders, are not started: they would fail, or wait for a platform that is gone.</summary>
public sealed partial class VmwareToolsRule : IFixupRule
{
    private const string Units = "/etc/systemd/system";
    private const string Nowhere = "/dev/null";
    private static readonly string[] Signs = ["/etc/vmware-tools/locations", "/usr/bin/vmware-uninstall-tools.pl", "/etc/init.d/vmware-tools"];
    private static readonly string[] ToolUnits = ["vmware-tools.service", "vmware-tools-thinprint.service"];
    private static readonly string[] HostTypes = ["vmhgfs", "fuse.vmhgfs-fuse", "vmhgfs-fuse"];

    /// <inheritdoc/>
    public string Id => "linux-vmware-tools";

    /// <inheritdoc/>
    public bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.Handles(guest, target);

    /// <inheritdoc/>
    public async Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var edits = new List<GuestEdit>(await MountsAsync(context, cancellationToken));
        var findings = new List<Finding>();
        if (await AnyAsync(context, Signs, cancellationToken))
        {
            findings.Add(GuestFindings.ToolsFromArchive());
            foreach (var unit in ToolUnits)
            {
                edits.AddRange(await MaskAsync(context, unit, cancellationToken));
            }

            edits.AddRange(await StartLinksAsync(context, cancellationToken));
            if (await context.Tree.IsFileAsync("/etc/init/vmware-tools.conf", cancellationToken)
                && await OwnFile.PlanAsync(context, Id, "/etc/init/vmware-tools.override", "manual\n", OwnFile.Readable, "not started by Upstart", cancellationToken) is { } upstart)
            {
                edits.Add(upstart);
            }
        }

        return new RulePlan
        {
            Rule = Id,
            Reason = edits.Count > 0 ? "The guest starts VMware's own tools, or mounts VMware's shared folders." : "The guest starts nothing of VMware's own.",
            Edits = edits,
            Findings = findings,
        };
    }

    private static async Task<bool> AnyAsync(RuleContext context, IEnumerable<string> files, CancellationToken cancellationToken)
    {
        foreach (var file in files)
        {
            if (await context.Tree.IsFileAsync(file, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<IReadOnlyList<GuestEdit>> MaskAsync(RuleContext context, string unit, CancellationToken cancellationToken)
    {
        var script = "/etc/init.d/" + unit[..unit.IndexOf('.', StringComparison.Ordinal)];
        var path = $"{Units}/{unit}";
        if (!await context.Tree.IsDirectoryAsync(Units, cancellationToken)
            || !await AnyAsync(context, [path, "/usr/lib/systemd/system/" + unit, "/lib/systemd/system/" + unit, script], cancellationToken))
        {
            return [];
        }

        if (await context.Tree.ResolveAsync(path, followLast: false, cancellationToken) is not { } real)
        {
            return [Mask(path)];
        }

        // A link is an alias or a mask of the guest's own; a file gives way to the mask.
        return (await context.Tree.Volume.StatAsync(real, cancellationToken))!.Value.Kind == GuestEntryKind.File
            ? [Remove(real, "makes way for the mask") with { Backup = real + ".pre-fixup" }, Mask(real)]
            : [];
    }

    private async Task<IReadOnlyList<GuestEdit>> StartLinksAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var edits = new List<GuestEdit>();
        foreach (var folder in "0123456S".SelectMany(level => new[] { $"/etc/rc{level}.d", $"/etc/rc.d/rc{level}.d", $"/etc/init.d/rc{level}.d" }))
        {
            foreach (var name in (await context.Tree.ListAsync(folder, cancellationToken)).Where(n => StartLink().IsMatch(n)))
            {
                var real = await context.Tree.ResolveAsync($"{folder}/{name}", followLast: false, cancellationToken);
                if (real is not null && !edits.Exists(e => e.Path == real))
                {
                    edits.Add(Remove(real, "not started"));
                }
            }
        }

        return edits;
    }

    /// <summary>Mount units of shared folders stay, but nothing asks for them any more.</summary>
    private async Task<IReadOnlyList<GuestEdit>> MountsAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var edits = new List<GuestEdit>();
        var names = await context.Tree.ListAsync(Units, cancellationToken);
        foreach (var unit in names.Where(n => n.EndsWith(".mount", StringComparison.Ordinal) || n.EndsWith(".automount", StringComparison.Ordinal)))
        {
            var mount = unit.Replace(".automount", ".mount", StringComparison.Ordinal);
            var text = await context.Tree.IsFileAsync($"{Units}/{mount}", cancellationToken) ? await context.Tree.ReadTextAsync($"{Units}/{mount}", cancellationToken) : null;
            if (text is null || !HostTypes.Contains(IniText.Value(text, "Type", "Mount")))
            {
                continue;
            }

            foreach (var folder in names.Where(n => n.EndsWith(".wants", StringComparison.Ordinal) || n.EndsWith(".requires", StringComparison.Ordinal)))
            {
                if (await context.Tree.ResolveAsync($"{Units}/{folder}/{unit}", followLast: false, cancellationToken) is { } real)
                {
                    edits.Add(Remove(real, "VMware's shared folders are not on this platform"));
                }
            }
        }

        return edits;
    }

    private GuestEdit Mask(string path) =>
        new() { Action = GuestEditAction.Link, Path = path, LinkTarget = Nowhere, Changes = [new GuestChange { Rule = Id, Path = path, Summary = "masked" }] };

    private GuestEdit Remove(string path, string why) =>
        new() { Action = GuestEditAction.Remove, Path = path, Changes = [new GuestChange { Rule = Id, Path = path, Summary = why }] };

    [GeneratedRegex("^[SK][0-9]{2}vmware-tools(?:-thinprint)?$", RegexOptions.CultureInvariant)]
    private static partial Regex StartLink();
}
