using System.Globalization;
using System.Text.RegularExpressions;
using Ferry.Contracts;
using Ferry.Fixup.Guests.Windows.Rules;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Hives;

namespace Ferry.Fixup.Guests.Windows.FirstBoot;

/// <summary>
/// What runs once at the first start: drivers, the network's settings by MAC address, offered packages, the user's scripts. Our own service runs them, and removes itself.
/// </summary>
public sealed partial class FirstBootRule : WindowsRule
{
    /// <summary>Name of the service.</summary>
    public const string Service = "FerryFirstBoot";

    /// <summary>Its folder in the Windows folder.</summary>
    public const string Folder = "FerryFirstBoot";

    private const string Program = "first-boot.exe";
    private const int ScriptSeconds = 1800;
    private const int MostScripts = 100;
    private const uint OwnProcess = 0x10;
    private const uint Automatic = 2;
    private const uint Normal = 1;
    private const long SpaceMargin = 10 * 1024 * 1024;
    private static readonly string[] Interpreted = [".cmd", ".bat", ".ps1"];
    private readonly Func<string, byte[]?> _program;

    /// <summary>With the programs of this build.</summary>
    public FirstBootRule()
        : this(FirstBootProgram.For)
    {
    }

    internal FirstBootRule(Func<string, byte[]?> program) => _program = program;

    /// <inheritdoc/>
    public override string Id => "windows-first-boot";

    /// <inheritdoc/>
    protected override async Task<RulePlan> PlanAsync(RuleContext context, WindowsGuest guest, CancellationToken cancellationToken)
    {
        // Azure has addresses of its own, which its adapters ask for.
        var keepsAddresses = context.Target.Platform != Azure;
        var matches = keepsAddresses ? AdapterMatches.Of(guest.Adapters, context.Target.Machine.Nics) : new AdapterMatches([], []);
        var findings = keepsAddresses ? Ambiguous(guest, matches).ToList() : [];
        var packages = await WindowsPackages.FindAsync(context, guest, cancellationToken);
        var files = new WindowsFiles(context.Tree);
        var hasDrivers = context.Target.Platform == Kvm && await files.FindAsync($"{guest.SystemRoot}/{VirtioWin.GuestFolder}", cancellationToken) is not null;
        var steps = Steps(hasDrivers, matches, [.. packages.Select(p => Path.GetFileName(p))], context.Target.FirstBootScripts);
        if (steps.Count == 0)
        {
            return new RulePlan { Rule = Id, Reason = "Nothing is to be run at the first start.", Findings = findings };
        }

        var program = _program(context.Guest.Architecture);
        var problem = program is null
            ? $"this build of the fix-up has no first-boot service for Windows on '{context.Guest.Architecture}' (left out: {string.Join(", ", steps.Select(s => s.Summary))})."
            : await ProblemAsync(context, guest, packages, cancellationToken);
        if (problem is not null)
        {
            return new RulePlan { Rule = Id, Reason = problem, Findings = [.. findings, GuestFindings.FirstBootLeftOut(problem)] };
        }

        var edits = new List<GuestEdit?>();
        var folder = $"{guest.SystemRoot}/{Folder}";
        await AddAsync(folder, Program, program!, "runs scripts at the first start and removes itself");
        foreach (var package in packages)
        {
            await AddAsync(folder + "/packages", Path.GetFileName(package), await File.ReadAllBytesAsync(package, cancellationToken), "offered package");
        }

        foreach (var step in steps)
        {
            await AddAsync(folder + "/scripts", step.Name, step.Content, step.Summary);
        }

        var registry = await context.Hives.EditAsync(guest.SystemHive, cancellationToken);
        foreach (var set in guest.ControlSets)
        {
            Register(registry, $"{set}\\Services\\{Service}");
        }

        return Result("Scripts wait for the first start.", "What waits for the first start is in place.", registry.Edits) with { Edits = [.. edits.OfType<GuestEdit>()], Findings = findings };

        async Task AddAsync(string place, string name, ReadOnlyMemory<byte> content, string summary) =>
            edits.Add(await WindowsFile.PlanAsync(context, files, Id, place, name, content, isPrivate: true, summary, cancellationToken));
    }

    private static List<FirstBootStep> Steps(bool hasDrivers, AdapterMatches matches, List<string> packages, IReadOnlyList<FirstBootScript> scripts)
    {
        var steps = new List<FirstBootStep>();
        if (hasDrivers)
        {
            steps.Add(FirstBootStep.Of("010-drivers.cmd", InstallScripts.Drivers, "installs the drivers of virtio-win"));
        }

        steps.AddRange(matches.Matched.Select((m, i) => FirstBootStep.Of(
            string.Create(CultureInfo.InvariantCulture, $"020-network-{i:D2}.cmd"), NetworkScript.Of(m.MacAddress, m.Adapter), $"network settings of {m.MacAddress}: {Shown(m.Adapter)}")));
        if (packages.Count > 0)
        {
            steps.Add(FirstBootStep.Of("030-packages.cmd", InstallScripts.Packages(packages), $"installs {string.Join(", ", packages)}"));
        }

        steps.AddRange(scripts.Select((s, i) => new FirstBootStep(string.Create(CultureInfo.InvariantCulture, $"{i + MostScripts:D3}-{s.Name}"), s.Content, $"runs {s.Name} once at the first start")));
        return steps;
    }

    private static string Shown(WindowsAdapter adapter) => adapter is { IsDhcp: false, Addresses.Count: > 0 } ? string.Join(' ', adapter.Addresses) : "DHCP with settings of its own";

    private static void Register(RegistryEditor registry, string key)
    {
        registry.SetDWord(key, "Type", OwnProcess);
        registry.SetDWord(key, "Start", Automatic);
        registry.SetDWord(key, "ErrorControl", Normal);
        registry.Set(key, "ImagePath", HiveValueType.ExpandSz, HiveData.OfString(string.Create(CultureInfo.InvariantCulture, $"%SystemRoot%\\{Folder}\\{Program} service {ScriptSeconds}")));
        registry.SetString(key, "ObjectName", "LocalSystem");
        registry.SetString(key, "DisplayName", "Ferry: first start after the move to this platform");
        registry.SetStrings(key, "DependOnService", "RpcSs");
    }

    private static IEnumerable<Finding> Ambiguous(WindowsGuest guest, AdapterMatches matches)
    {
        if (matches.Unmatched.Count > 0)
        {
            var adapters = string.Join("; ", matches.Unmatched.Select(a => $"'{a.Alias}' {string.Join(' ', a.Addresses)}".TrimEnd()));
            yield return GuestFindings.NicAmbiguous($"Windows keeps no MAC addresses that say which of the machine's adapters has which settings; they are not given again: {adapters}.");
        }

        if (guest.HasStaticIpv6)
        {
            yield return GuestFindings.NicAmbiguous("Windows has static IPv6 addresses or gateways; they are not given again.");
        }
    }

    private static async Task<string?> ProblemAsync(RuleContext context, WindowsGuest guest, IReadOnlyList<string> packages, CancellationToken cancellationToken)
    {
        var scripts = context.Target.FirstBootScripts;
        if (scripts.Count > MostScripts || scripts.FirstOrDefault(s => !Name().IsMatch(s.Name)) is not null)
        {
            return $"a script's name has other characters than letters, digits, '.', '_', '-', or there are more than {MostScripts}.";
        }

        if (scripts.FirstOrDefault(s => !Interpreted.Contains(Path.GetExtension(s.Name), StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            return $"{unknown.Name} is none of {string.Join(", ", Interpreted)}.";
        }

        var size = packages.Sum(p => new FileInfo(p).Length) + scripts.Sum(s => (long)s.Content.Length);
        return size > GuestPackages.MaximumBytes || size + SpaceMargin > await context.Tree.Volume.FreeSpaceAsync(guest.SystemRoot, cancellationToken) ? $"{size / 1024} KiB are too much for this guest." : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]{0,100}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
