using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>GRUB hands the root's UUID to the kernel, now and after the guest's next update-grub.</summary>
public sealed class GrubUuidRule : TextRule
{
    private const string Generated = "/boot/grub/grub.cfg";
    private const string Settings = "/etc/default/grub";

    /// <inheritdoc/>
    public override string Id => "linux-grub-uuid";

    /// <inheritdoc/>
    protected override string Needed => "The kernel command line names a device that has another name on the target.";

    /// <inheritdoc/>
    protected override string NotNeeded => "No kernel command line names a device by its kernel name.";

    /// <inheritdoc/>
    protected override IEnumerable<(string File, Func<string, TextEdit> Editor)> Editors(RuleContext context) =>
    [
        (Generated, text => GrubEditor.EditConfiguration(text, Generated, context.Devices)),
        (Settings, text => GrubEditor.EditDefaults(text, Settings, context.Devices)),
    ];
}
