namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Edits a kernel command line word by word; blanks between words that stay are kept.</summary>
public static class CommandLineWords
{
    /// <summary>Gives each word to an editor; null takes the word out with the blank before it.</summary>
    public static string Edit(string text, Func<string, string?> edit)
    {
        var result = new List<string>();
        foreach (var word in KernelCommandLine.Words(text))
        {
            if (string.IsNullOrWhiteSpace(word))
            {
                result.Add(word);
            }
            else if (edit(word) is { } kept)
            {
                result.Add(kept);
            }
            else if (result.Count > 0)
            {
                result.RemoveAt(result.Count - 1);
            }
        }

        return string.Concat(result.Count > 0 && result[0].Trim().Length == 0 && text.Length > 0 && !char.IsWhiteSpace(text[0]) ? result.Skip(1) : result);
    }
}
