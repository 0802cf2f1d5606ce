using System.Text.RegularExpressions;
using Ferry.Fixup.Guests.Linux.Initrd;
using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>SUSE's older mkinitrd puts the target's drivers into initial RAM disks that the guest builds later.</summary>
public sealed partial class SuseInitrdModulesRule : TextRule
{
    /// <inheritdoc/>
    public override string Id => "linux-suse-initrd-modules";

    /// <inheritdoc/>
    public override bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.Handles(guest, target) && LinuxRules.IsSuse(guest);

    /// <inheritdoc/>
    protected override string Needed => "Initial RAM disks that the guest builds later need the target's drivers.";

    /// <inheritdoc/>
    protected override string NotNeeded => "The target's drivers are in the guest's list already, or it has none.";

    /// <inheritdoc/>
    protected override IEnumerable<(string File, Func<string, TextEdit> Editor)> Editors(RuleContext context) => [("/etc/sysconfig/kernel", text => Add(text, context.Drivers.All))];

    private static TextEdit Add(string text, IEnumerable<string> modules)
    {
        var lines = text.Split('\n');
        return TextEdit.Compare(lines, [.. lines.Select(l => Setting().Replace(l, m =>
        {
            var listed = m.Groups[2].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var missing = modules.Except(listed.Select(KernelModules.NameOf)).ToList();
            return missing.Count == 0 ? m.Value : m.Groups[1].Value + (m.Groups[2].Value.Length == 0 ? "" : m.Groups[2].Value.TrimEnd() + " ") + string.Join(' ', missing) + m.Groups[3].Value;
        }))], []);
    }

    [GeneratedRegex(@"^(INITRD_MODULES="")([^""]*)("".*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Setting();
}
