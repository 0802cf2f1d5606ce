using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Hives;

namespace Ferry.Fixup.Guests.Windows.Rules;

/// <summary>virtio-win's drivers are copied to where Windows looks for drivers, and the disk's is started with the boot. Without them the machine boots from SATA or IDE.</summary>
public sealed class VirtioDriversRule : WindowsRule
{
    private const string CurrentVersion = "Microsoft\\Windows\\CurrentVersion";
    private const string SearchPath = "%SystemRoot%\\Drivers\\VirtIO";
    private const long SpaceMargin = 10 * 1024 * 1024;

    /// <inheritdoc/>
    public override string Id => "windows-virtio-drivers";

    /// <inheritdoc/>
    protected override IReadOnlyList<string> Platforms => [Kvm];

    /// <inheritdoc/>
    protected override async Task<RulePlan> PlanAsync(RuleContext context, WindowsGuest guest, CancellationToken cancellationToken)
    {
        var offered = await context.Virtio.SelectAsync(guest, context.Guest.Architecture, cancellationToken);
        if (offered.Count == 0)
        {
            var finding = GuestFindings.NoVirtio($"virtio-win offers no drivers for {context.Guest.PrettyName} ({context.Guest.Architecture}).");
            return new RulePlan { Rule = Id, Reason = finding.Message, Findings = [finding] };
        }

        var files = new WindowsFiles(context.Tree);
        var edits = new List<GuestEdit>();
        foreach (var (name, content) in offered)
        {
            await AddAsync($"{guest.SystemRoot}/{VirtioWin.GuestFolder}", name, content);
        }

        const string Boot = VirtioWin.BootDriver + ".sys";
        await AddAsync($"{guest.SystemRoot}/System32/drivers", Boot, offered[Boot]);
        var system = await context.Hives.EditAsync(guest.SystemHive, cancellationToken);
        VirtioRegistry.AddService(system, guest.ControlSets);
        VirtioRegistry.AddDevice(system, guest.ControlSets, context.Guest.Architecture);
        var software = await context.Hives.EditAsync(guest.SoftwareHive, cancellationToken);
        AddSearchPath(software);
        var needed = edits.Sum(e => (long)e.Content.Length);
        var free = await context.Tree.Volume.FreeSpaceAsync(guest.SystemRoot, cancellationToken) - SpaceMargin;
        return Result("Windows has no drivers for virtio.", "The drivers for virtio are there.", [.. system.Edits, .. software.Edits]) with
        {
            Edits = edits,
            Findings = needed > free ? [GuestFindings.NoSpace(guest.SystemRoot, needed, Math.Max(free, 0))] : [],
        };

        async Task AddAsync(string folder, string name, byte[] content)
        {
            if (await WindowsFile.PlanAsync(context, files, Id, folder, name, content, isPrivate: false, $"{content.Length} bytes of virtio-win", cancellationToken) is { } edit)
            {
                edits.Add(edit);
            }
        }
    }

    private static void AddSearchPath(RegistryEditor software)
    {
        var old = software.Hive.Find(CurrentVersion)?.Value("DevicePath");
        var text = old is { Type: HiveValueType.Sz or HiveValueType.ExpandSz } ? old.GetString() : "%SystemRoot%\\inf";
        if (!text.Split(';').Contains(SearchPath, StringComparer.OrdinalIgnoreCase))
        {
            software.Set(CurrentVersion, "DevicePath", HiveValueType.ExpandSz, HiveData.OfString($"{text};{SearchPath}"));
        }
    }
}
