using System.Text;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>GRUB's environment block: a signature line, assignments, and <c>#</c> up to exactly 1024 bytes, which GRUB itself demands.</summary>
public static class GrubEnvironment
{
    /// <summary>Size of the block in bytes.</summary>
    public const int Size = 1024;

    private const string Signature = "# GRUB Environment Block\n";

    /// <summary>Edits the lines of a block; one that is no block, or would no longer fit, stays as it is.</summary>
    /// <param name="block">The file, one character for each byte.</param>
    /// <param name="editor">Gives the new line for each assignment.</param>
    public static TextEdit Edit(string block, Func<string, string> editor)
    {
        if (block.Length != Size || !block.StartsWith(Signature, StringComparison.Ordinal))
        {
            return new TextEdit(block, [], []);
        }

        var end = block.LastIndexOf('\n') + 1;
        var lines = block[..end].Split('\n');
        var edit = TextEdit.Compare(lines, [.. lines.Select(l => l.StartsWith('#') ? l : editor(l))], []);
        return edit.Changes.Count == 0 || edit.Text.Length > Size
            ? new TextEdit(block, [], [])
            : edit with { Text = new StringBuilder(edit.Text, Size).Append('#', Size - edit.Text.Length).ToString() };
    }
}
