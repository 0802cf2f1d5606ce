using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>LVM's filters do not hide the physical volumes, which have other device names on the target.</summary>
public sealed class LvmFilterRule : TextRule
{
    /// <inheritdoc/>
    public override string Id => "linux-lvm-filter";

    /// <inheritdoc/>
    protected override string Needed => "A filter of LVM lets only devices of the source through.";

    /// <inheritdoc/>
    protected override string NotNeeded => "No filter of LVM names devices that it lets through.";

    /// <inheritdoc/>
    protected override IEnumerable<(string File, Func<string, TextEdit> Editor)> Editors(RuleContext context) =>
        [("/etc/lvm/lvm.conf", LvmConfEditor.WidenFilters), ("/etc/lvm/lvmlocal.conf", LvmConfEditor.WidenFilters)];
}
