using Ferry.Fixup.Guests.Linux.Initrd;
using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>The target's drivers stand in initramfs-tools' list, so that kernels which the guest installs later have them too.</summary>
public sealed class InitramfsDropInRule : TextRule
{
    private const string List = "/etc/initramfs-tools/modules";

    /// <inheritdoc/>
    public override string Id => "linux-initramfs-dropin";

    /// <inheritdoc/>
    protected override string Needed => "Initial RAM disks that the guest builds later need the target's drivers.";

    /// <inheritdoc/>
    protected override string NotNeeded => "The target's drivers are in the guest's list already, or it has none.";

    /// <inheritdoc/>
    protected override IEnumerable<(string File, Func<string, TextEdit> Editor)> Editors(RuleContext context) => [(List, text => Add(text, context.Drivers.All))];

    private static TextEdit Add(string text, IEnumerable<string> modules)
    {
        var listed = text.Split('\n').Select(l => l.Split('#')[0].Trim().Split(' ')[0]).Where(l => l.Length > 0).Select(KernelModules.NameOf).ToHashSet();
        var missing = modules.Where(m => !listed.Contains(m)).ToList();
        var start = text.Length == 0 || text.EndsWith('\n') ? text : text + "\n";
        return missing.Count == 0
            ? new TextEdit(text, [], [])
            : new TextEdit(start + "# ferry: drivers of the platform that this machine was moved to\n" + string.Join('\n', missing) + "\n", ["+ " + string.Join(" ", missing)], []);
    }
}
