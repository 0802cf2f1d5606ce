using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>initramfs-tools' resume device by UUID, so that the next initial RAM disk does not wait for a device that is not there.</summary>
public sealed class ResumeUuidRule : TextRule
{
    private const string Setting = "/etc/initramfs-tools/conf.d/resume";

    /// <inheritdoc/>
    public override string Id => "linux-resume-uuid";

    /// <inheritdoc/>
    protected override string Needed => "The resume device is given by its kernel name.";

    /// <inheritdoc/>
    protected override string NotNeeded => "No resume device is given by its kernel name.";

    /// <inheritdoc/>
    protected override IEnumerable<(string File, Func<string, TextEdit> Editor)> Editors(RuleContext context) =>
        [(Setting, text => ResumeEditor.Edit(text, Setting, context.Devices))];
}
