using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>The kernel's console is one that the target has: on Azure the serial console, which is the only one to look at; nowhere one of Xen.</summary>
public sealed class ConsoleRule : TextRule
{
    /// <inheritdoc/>
    public override string Id => "linux-console";

    /// <inheritdoc/>
    public override bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.Handles(guest, target) && target.Platform is "azure" or "hyperv";

    /// <inheritdoc/>
    protected override string Needed => "The kernel writes to a console that the target does not have or show.";

    /// <inheritdoc/>
    protected override string NotNeeded => "The kernel's consoles fit the target.";

    /// <inheritdoc/>
    protected override async Task<IEnumerable<(string File, Func<string, TextEdit> Editor)>> EditorsAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var azure = context.Target.Platform == "azure";
        return (await CommandLineFiles.FindAsync(context, cancellationToken)).Select(f => (f.File, (Func<string, TextEdit>)(text => Edit(f.File, f.Editor, text, azure))));
    }

    private static TextEdit Edit(string file, Func<string, Func<string, string>, TextEdit> editor, string text, bool azure)
    {
        if (file is "/etc/default/grub" or "/etc/sysconfig/grub")
        {
            // The console stands in the setting for every entry, once.
            var clean = BootEntryEditor.Defaults(text, line => ConsoleEditor.Clean(line, azure));
            return azure && BootEntryEditor.MainDefault(clean.Text, ConsoleEditor.AddSerial) is { Changes.Count: > 0 } added
                ? added with { Changes = [.. clean.Changes, .. added.Changes] }
                : clean;
        }

        // Entries without a root start something else than a kernel, or take their options from a variable.
        return editor(text, line => !line.Contains("root=", StringComparison.Ordinal) ? line
            : azure ? ConsoleEditor.AddSerial(ConsoleEditor.Clean(line, verbose: true)) : ConsoleEditor.Clean(line, verbose: false));
    }
}
