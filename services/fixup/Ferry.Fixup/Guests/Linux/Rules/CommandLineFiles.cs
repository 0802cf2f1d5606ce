using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>Every file that holds a kernel command line, those that are started from and those that later kernels get theirs from.</summary>
internal static class CommandLineFiles
{
    /// <summary>The files with the editor that finds the command lines in each.</summary>
    public static async Task<IReadOnlyList<(string File, Func<string, Func<string, string>, TextEdit> Editor)>> FindAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var loader = await BootLoaderFiles.FindAsync(context.Tree, cancellationToken);
        return
        [
            .. loader.Grub2.Select(f => (f, (Func<string, Func<string, string>, TextEdit>)BootEntryEditor.Configuration)),
            .. loader.Entries.Select(f => (f, (Func<string, Func<string, string>, TextEdit>)BootEntryEditor.Entry)),
            .. loader.Grub1.Select(f => (f, (Func<string, Func<string, string>, TextEdit>)BootEntryEditor.Menu)),
            ("/boot/grub2/grubenv", BootEntryEditor.Environment),
            ("/boot/grub/grubenv", BootEntryEditor.Environment),
            ("/etc/default/grub", BootEntryEditor.Defaults),
            ("/etc/sysconfig/grub", BootEntryEditor.Defaults),
            ("/etc/kernel/cmdline", BootEntryEditor.Plain),
        ];
    }
}
