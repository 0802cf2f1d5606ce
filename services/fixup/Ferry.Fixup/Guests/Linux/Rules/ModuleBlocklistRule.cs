using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>No configuration keeps the target's drivers from loading, as guides to hardening and workarounds for other platforms do.</summary>
public sealed class ModuleBlocklistRule : TextRule
{
    private static readonly string[] Folders = ["/etc/modprobe.d", "/usr/lib/modprobe.d", "/lib/modprobe.d"];
    private static readonly string[] HyperV = ["hv_utils", "hv_balloon", "hv_sock", "hyperv_fb", "hyperv_drm", "scsi_mod", "scsi_transport_fc", "scsi_common"];
    private static readonly string[] Virtio = ["virtio", "virtio_ring", "virtio_pci_modern_dev", "virtio_pci_legacy_dev", "net_failover", "failover", "virtio_gpu"];

    // The EFI system partition is FAT; Azure hands its settings over on a UDF disc.
    private static readonly string[] Always = ["vfat", "fat"];
    private static readonly string[] Azure = ["udf", "pci_hyperv_intf", "mlx4_core", "mlx5_core"];

    /// <inheritdoc/>
    public override string Id => "linux-module-blocklist";

    /// <inheritdoc/>
    protected override string Needed => "A configuration keeps a driver that the target needs from loading.";

    /// <inheritdoc/>
    protected override string NotNeeded => "Nothing keeps the target's drivers from loading.";

    /// <summary>The modules that a target needs to be loadable at any time.</summary>
    internal static IReadOnlySet<string> ModulesFor(RuleContext context) =>
        context.Drivers.All.Concat(Always).Concat(context.Target.Platform == "kvm" ? Virtio : HyperV).Concat(context.Target.Platform == "azure" ? Azure : []).ToHashSet(StringComparer.Ordinal);

    /// <inheritdoc/>
    protected override async Task<IEnumerable<(string File, Func<string, TextEdit> Editor)>> EditorsAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var modules = ModulesFor(context);
        var files = new List<string> { "/etc/modprobe.conf" };
        foreach (var folder in Folders)
        {
            files.AddRange(await FilesAsync(context, folder, ".conf", cancellationToken));
        }

        var lines = await CommandLineFiles.FindAsync(context, cancellationToken);
        return
        [
            .. files.Select(f => (f, (Func<string, TextEdit>)(text => ModuleBlocklistEditor.Configuration(text, modules)))),
            .. lines.Select(f => (f.File, (Func<string, TextEdit>)(text => f.Editor(text, line => ModuleBlocklistEditor.CommandLine(line, modules))))),
        ];
    }
}
