using Ferry.Contracts;
using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>The boot loader hands the root's UUID to the kernel, now and after the guest has written its configuration anew: GRUB 2, boot loader entries, GRUB 1.</summary>
public sealed class GrubUuidRule : TextRule
{
    /// <inheritdoc/>
    public override string Id => "linux-grub-uuid";

    /// <inheritdoc/>
    protected override string Needed => "The kernel command line names a device that has another name on the target.";

    /// <inheritdoc/>
    protected override string NotNeeded => "No kernel command line names a device by its kernel name.";

    /// <inheritdoc/>
    protected override async Task<IEnumerable<(string File, Func<string, TextEdit> Editor)>> EditorsAsync(RuleContext context, CancellationToken cancellationToken) =>
        (await CommandLineFiles.FindAsync(context, cancellationToken)).Select(f => (f.File, (Func<string, TextEdit>)(text => Edit(f.File, f.Editor, text, context))));

    private static TextEdit Edit(string file, Func<string, Func<string, string>, TextEdit> editor, string text, RuleContext context)
    {
        var findings = new List<Finding>();
        var edit = editor(text, line => KernelCommandLine.Edit(line, file, context.Devices, findings));
        var uuids = file is "/etc/default/grub" or "/etc/sysconfig/grub" ? GrubEditor.KeepUuids(edit.Text) : new TextEdit(edit.Text, [], []);
        return new TextEdit(uuids.Text, [.. edit.Changes, .. uuids.Changes], findings);
    }
}
