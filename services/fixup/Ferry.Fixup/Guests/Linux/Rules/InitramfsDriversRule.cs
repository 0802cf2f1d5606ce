using System.Text;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Fixup.Guests.Linux.Initrd;
using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>Every kernel's initial RAM disk has the target's drivers with everything they need; what is missing is added from the guest's own modules.</summary>
public sealed class InitramfsDriversRule : IFixupRule
{
    private const int TextLimit = 64 * 1024 * 1024;
    private const long SpaceMargin = 10 * 1024 * 1024;

    /// <inheritdoc/>
    public string Id => "linux-initramfs-drivers";

    /// <inheritdoc/>
    public bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.Handles(guest, target);

    /// <inheritdoc/>
    public async Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var edits = new List<GuestEdit>();
        var findings = new List<Finding>();
        var good = false;
        foreach (var kernel in context.Guest.Kernels)
        {
            var modules = await ModulesAsync(context, kernel, cancellationToken);
            var lacking = context.Drivers.Required.Where(m => !modules.Has(m)).ToList();
            if (lacking.Count > 0)
            {
                // A kernel that the boot loader starts must work; one that is only installed may not.
                findings.Add(GuestFindings.KernelWithoutDrivers(kernel.Started ? FindingSeverity.Error : FindingSeverity.Warning, context.Target.Platform, kernel.Version, string.Join(", ", lacking)));
                continue;
            }

            good = true;
            if (await PlanKernelAsync(context, kernel, modules, findings, cancellationToken) is { } edit)
            {
                edits.Add(edit);
            }
        }

        if (!good && findings.Count == 0)
        {
            findings.Add(GuestFindings.KernelWithoutDrivers(FindingSeverity.Error, context.Target.Platform, "(none)", "modules at all: no kernel with its modules was found"));
        }

        findings.AddRange(await SpaceAsync(context, edits, cancellationToken));
        return new RulePlan
        {
            Rule = Id,
            Reason = edits.Count > 0 ? "The initial RAM disk lacks drivers that the target needs." : "The initial RAM disks have the target's drivers.",
            Edits = edits,
            Findings = findings,
        };
    }

    private static async Task<KernelModules> ModulesAsync(RuleContext context, GuestKernel kernel, CancellationToken cancellationToken)
    {
        async Task<string> TextAsync(string name) =>
            Encoding.Latin1.GetString(await context.Tree.ReadAsync($"{kernel.ModuleFolder}/{name}", TextLimit, cancellationToken) ?? []);
        return new KernelModules(await TextAsync("modules.dep"), await TextAsync("modules.builtin"));
    }

    private async Task<GuestEdit?> PlanKernelAsync(RuleContext context, GuestKernel kernel, KernelModules modules, List<Finding> findings, CancellationToken cancellationToken)
    {
        if (kernel.Initrd is null)
        {
            if (context.Drivers.Required.Any(m => !modules.IsBuiltIn(m)))
            {
                findings.Add(GuestFindings.InitrdNotPatchable($"The kernel {kernel.Version}", "it has no initial RAM disk and its drivers are not built in."));
            }

            return null;
        }

        try
        {
            var file = await context.Tree.ReadAsync(kernel.Initrd, InitrdImage.MaximumFile, cancellationToken) ?? [];
            var image = InitrdImage.Parse(file);
            using var patcher = new InitrdPatcher(context.Tree, kernel.Version, kernel.ModuleFolder, context.Scratch);
            var contents = patcher.Unpack(image);
            var present = contents.ModulePaths.Select(KernelModules.NameOf).ToHashSet();
            var missing = modules.Closure(context.Drivers.All).Where(p => !present.Contains(KernelModules.NameOf(p))).ToList();
            var extra = InitramfsConfiguration.Edit(context, contents);
            if (missing.Count == 0 && extra.Count == 0)
            {
                return null;
            }

            var patched = await patcher.PatchAsync(image, contents, missing, extra, cancellationToken);
            var summary = new StringBuilder();
            summary.Append(missing.Count == 0 ? "" : $"added {string.Join(", ", missing.Select(KernelModules.NameOf))} and rebuilt the module index; ");
            summary.Append(extra.Count == 0 ? "" : $"configuration as on the root: {string.Join(", ", extra.Keys.Order(StringComparer.Ordinal))}; ");
            summary.Append(image.Compression == InitrdCompression.Lz4 ? "LZ4 merged into gzip; " : "appended behind what was there; ");
            summary.Append(System.Globalization.CultureInfo.InvariantCulture, $"{file.Length} -> {patched.Length} bytes");
            return new GuestEdit
            {
                Path = kernel.Initrd,
                Content = patched,
                Backup = kernel.Initrd + ".pre-fixup",
                Changes = [new GuestChange { Rule = Id, Path = kernel.Initrd, Summary = summary.ToString() }],
            };
        }
        catch (InitrdException e)
        {
            findings.Add(GuestFindings.InitrdNotPatchable(kernel.Initrd, e.Message));
            return null;
        }
    }

    /// <summary>Checks that everything fits; without room for copies of the old files they are left out.</summary>
    private static async Task<IReadOnlyList<Finding>> SpaceAsync(RuleContext context, List<GuestEdit> edits, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        foreach (var folder in edits.Select(e => e.Path[..e.Path.LastIndexOf('/')]).Distinct().ToList())
        {
            var free = await context.Tree.Volume.FreeSpaceAsync(folder.Length == 0 ? "/" : folder, cancellationToken) - SpaceMargin;
            long growth = 0;
            long copies = 0;
            for (var i = 0; i < edits.Count; i++)
            {
                if (edits[i].Path[..edits[i].Path.LastIndexOf('/')] != folder)
                {
                    continue;
                }

                var old = (await context.Tree.Volume.StatAsync(edits[i].Path, cancellationToken))!.Value.Size;
                growth += edits[i].Content.Length - old;
                var exists = edits[i].Backup is { } backup && await context.Tree.Volume.StatAsync(backup, cancellationToken) is not null;
                copies += exists ? 0 : old;
                edits[i] = exists ? edits[i] with { Backup = null } : edits[i];
            }

            if (growth > free)
            {
                findings.Add(GuestFindings.NoSpace(folder, growth, Math.Max(free, 0)));
            }
            else if (growth + copies > free)
            {
                findings.Add(GuestFindings.NoBackup(folder));
                edits.Where(e => e.Path.StartsWith(folder + "/", StringComparison.Ordinal)).ToList().ForEach(e => edits[edits.IndexOf(e)] = e with { Backup = null });
            }
        }

        return findings;
    }
}
