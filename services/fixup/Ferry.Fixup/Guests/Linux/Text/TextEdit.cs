using Ferry.Contracts;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>A text after an editor: unchanged when <see cref="Changes"/> is empty.</summary>
/// <param name="Text">New text.</param>
/// <param name="Changes">What was changed: old and new line.</param>
/// <param name="Findings">What could not be done.</param>
public sealed record TextEdit(string Text, IReadOnlyList<string> Changes, IReadOnlyList<Finding> Findings)
{
    /// <summary>Puts edited lines together and notes those that differ.</summary>
    public static TextEdit Compare(IReadOnlyList<string> before, IReadOnlyList<string> after, IReadOnlyList<Finding> findings)
    {
        var changes = before.Zip(after).Where(l => l.First != l.Second).Select(l => $"- {l.First.Trim()}\n+ {l.Second.Trim()}").ToList();
        return new TextEdit(string.Join('\n', after), changes, findings);
    }
}
