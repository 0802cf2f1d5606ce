using System.Text;
using Ferry.Contracts;
using Ferry.Fixup.Inspection;

namespace Ferry.Fixup.Guests.Linux.Text;

/// <summary>Replaces kernel device names in the words of a kernel command line. Words are separated by blanks outside quotes; blanks and quotes stay as they are.</summary>
public static class KernelCommandLine
{
    private static readonly string[] Keys = ["root=", "resume="];

    /// <summary>Edits a piece of text that holds a command line, wherever its words stand.</summary>
    public static string Edit(string text, string file, DeviceNames devices, List<Finding> findings)
    {
        var result = new StringBuilder(text.Length + 64);
        foreach (var word in Words(text))
        {
            result.Append(EditWord(word, file, devices, findings));
        }

        return result.ToString();
    }

    /// <summary>The text cut into words and the blanks between them.</summary>
    internal static IEnumerable<string> Words(string text)
    {
        var start = 0;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var blank = c is ' ' or '\t' && quote == '\0';
            if (i > start && blank != (text[i - 1] is ' ' or '\t' && quote == '\0' && IsBlankRun(text, start, i)))
            {
                yield return text[start..i];
                start = i;
            }

            if (c is '"' or '\'' && (quote == '\0' || quote == c) && (i == 0 || text[i - 1] != '\\'))
            {
                quote = quote == '\0' ? c : '\0';
            }
        }

        if (start < text.Length)
        {
            yield return text[start..];
        }
    }

    private static bool IsBlankRun(string text, int start, int end) => text.AsSpan(start, end - start).IndexOfAnyExcept(' ', '\t') < 0;

    private static string EditWord(string word, string file, DeviceNames devices, List<Finding> findings)
    {
        var open = word.Length > 0 && word[0] is '"' or '\'' ? 1 : 0;
        var key = Array.Find(Keys, k => word.AsSpan(open).StartsWith(k, StringComparison.Ordinal));
        if (key is null)
        {
            return word;
        }

        var value = word[(open + key.Length)..];
        var bare = value.Trim('"', '\'');
        if (!DeviceNames.IsKernelName(bare))
        {
            return word;
        }

        var found = devices.Resolve(bare);
        if (found is null || found.Uuid.Length == 0 || (key == "resume=" && found.Type != "swap"))
        {
            findings.Add(GuestFindings.DeviceUnresolved(key == "root=" ? FindingSeverity.Error : FindingSeverity.Warning, file, bare, "which is not found on the disks"));
            return word;
        }

        return string.Concat(word.AsSpan(0, open + key.Length), value.Replace(bare, "UUID=" + found.Uuid, StringComparison.Ordinal));
    }
}
