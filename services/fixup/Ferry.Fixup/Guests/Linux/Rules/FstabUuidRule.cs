using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>fstab names file systems by UUID, as another controller gives other device names.</summary>
public sealed class FstabUuidRule : TextRule
{
    /// <inheritdoc/>
    public override string Id => "linux-fstab-uuid";

    /// <inheritdoc/>
    protected override string Needed => "fstab names devices that have other names on the target, or do not exist there.";

    /// <inheritdoc/>
    protected override string NotNeeded => "fstab names no device by its kernel name.";

    /// <inheritdoc/>
    protected override IEnumerable<(string File, Func<string, TextEdit> Editor)> Editors(RuleContext context) =>
        [("/etc/fstab", text => FstabEditor.Edit(text, context.Devices))];
}
