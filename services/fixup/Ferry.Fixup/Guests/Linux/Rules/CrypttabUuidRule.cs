using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>crypttab names encrypted volumes by UUID, as another controller gives other device names.</summary>
public sealed class CrypttabUuidRule : TextRule
{
    /// <inheritdoc/>
    public override string Id => "linux-crypttab-uuid";

    /// <inheritdoc/>
    protected override string Needed => "crypttab names a device that has another name on the target.";

    /// <inheritdoc/>
    protected override string NotNeeded => "crypttab names no device by its kernel name.";

    /// <inheritdoc/>
    protected override IEnumerable<(string File, Func<string, TextEdit> Editor)> Editors(RuleContext context) =>
        [("/etc/crypttab", text => CrypttabEditor.Edit(text, context.Devices))];
}
