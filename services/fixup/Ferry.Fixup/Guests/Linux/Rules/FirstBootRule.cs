using System.Globalization;
using System.Text.RegularExpressions;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>Scripts that run once at the first start, the installation of offered packages first: a systemd unit that removes itself.</summary>
public sealed partial class FirstBootRule : IFixupRule
{
    private const int MostScripts = 100;
    private const long SpaceMargin = 10 * 1024 * 1024;
    private static readonly string[] HyperV = ["hypervkvpd", "hypervvssd", "hv-kvp-daemon", "hv-vss-daemon"];

    /// <inheritdoc/>
    public string Id => "linux-first-boot";

    /// <inheritdoc/>
    public bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.Handles(guest, target);

    /// <inheritdoc/>
    public async Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var packages = await HasAgentAsync(context, cancellationToken) ? [] : GuestPackages.Find(context.Target.PackageFolder, context.Target.Platform, context.Guest);
        if (packages.Count == 0 && context.Target.FirstBootScripts.Count == 0)
        {
            return new RulePlan { Rule = Id, Reason = "Nothing is to be run at the first start." };
        }

        if (await ProblemAsync(context, packages, cancellationToken) is { } problem)
        {
            return new RulePlan { Rule = Id, Reason = problem, Findings = [GuestFindings.FirstBootLeftOut(problem)] };
        }

        var edits = new List<GuestEdit?>
        {
            await FileAsync(FirstBootFiles.Unit, FirstBootFiles.UnitText, OwnFile.Readable, "runs what is in " + FirstBootFiles.Folder),
            await OwnFile.LinkAsync(context, Id, FirstBootFiles.Wanted, FirstBootFiles.Unit, "started by systemd", cancellationToken),
            await FileAsync(FirstBootFiles.Folder + "/run", FirstBootFiles.Runner, OwnFile.Executable, "runs the scripts and removes itself"),
        };
        if (packages.Count > 0)
        {
            edits.Add(await FileAsync(FirstBootFiles.Folder + "/scripts/000-packages", FirstBootFiles.Installer(LinuxRules.IsDebian(context.Guest), Services(context.Target.Platform)), OwnFile.Private, "installs the offered packages"));
        }

        foreach (var package in packages)
        {
            var content = await File.ReadAllBytesAsync(package, cancellationToken);
            edits.Add(await OwnFile.PlanAsync(context, Id, $"{FirstBootFiles.Folder}/packages/{Path.GetFileName(package)}", content, OwnFile.Readable, "offered package", cancellationToken));
        }

        for (var i = 0; i < context.Target.FirstBootScripts.Count; i++)
        {
            var script = context.Target.FirstBootScripts[i];
            var path = string.Create(CultureInfo.InvariantCulture, $"{FirstBootFiles.Folder}/scripts/{i + 1:D3}-{script.Name}");
            edits.Add(await OwnFile.PlanAsync(context, Id, path, script.Content, OwnFile.Private, "runs once at the first start", cancellationToken));
        }

        var real = edits.OfType<GuestEdit>().ToList();
        return new RulePlan { Rule = Id, Reason = real.Count > 0 ? "Scripts or packages wait for the first start." : "What waits for the first start is in place.", Edits = real };

        Task<GuestEdit?> FileAsync(string path, string text, int mode, string summary) => OwnFile.PlanAsync(context, Id, path, text, mode, summary, cancellationToken);
    }

    private static string[] Services(string platform) => platform switch
    {
        "kvm" => ["qemu-guest-agent"],
        "azure" => [.. HyperV, "waagent", "walinuxagent"],
        _ => HyperV,
    };

    /// <summary>Whether the guest has the platform's own agent already, so that nothing need be offered.</summary>
    private static async Task<bool> HasAgentAsync(RuleContext context, CancellationToken cancellationToken)
    {
        string[] files = context.Target.Platform switch
        {
            "kvm" => ["/usr/bin/qemu-ga", "/usr/sbin/qemu-ga"],
            "azure" => ["/usr/sbin/waagent", "/usr/bin/waagent"],
            _ => ["/usr/sbin/hypervkvpd", "/usr/sbin/hv_kvp_daemon"],
        };
        foreach (var file in files)
        {
            if (await context.Tree.IsFileAsync(file, cancellationToken))
            {
                return true;
            }
        }

        return false;
    }

    private static async Task<string?> ProblemAsync(RuleContext context, IReadOnlyList<string> packages, CancellationToken cancellationToken)
    {
        var scripts = context.Target.FirstBootScripts;
        var size = packages.Sum(p => new FileInfo(p).Length) + scripts.Sum(s => (long)s.Content.Length);
        if (!await context.Tree.IsDirectoryAsync("/etc/systemd/system", cancellationToken))
        {
            return "the guest has no systemd.";
        }

        if (scripts.Count > MostScripts || scripts.FirstOrDefault(s => !Name().IsMatch(s.Name)) is not null)
        {
            return $"a script's name has other characters than letters, digits, '.', '_', '-', or there are more than {MostScripts}.";
        }

        var wrong = LinuxRules.IsDebian(context.Guest) ? ".rpm" : ".deb";
        return packages.FirstOrDefault(p => p.EndsWith(wrong, StringComparison.Ordinal)) is { } foreign ? $"{Path.GetFileName(foreign)} is no package of this distribution."
            : size > GuestPackages.MaximumBytes || size + SpaceMargin > await context.Tree.Volume.FreeSpaceAsync("/usr", cancellationToken) ? $"{size / 1024} KiB are too much for this guest."
            : null;
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
