using System.Text;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>Makes text of words from bytes that FsCheck chooses, and makes fewer and smaller.</summary>
internal static class Words
{
    /// <summary>Each byte is a word; those that are none stand for themselves.</summary>
    public static byte[] Join(byte[] choices, IReadOnlyList<string> words) =>
        [.. choices.SelectMany(choice => choice % (words.Count + 16) is var index && index < words.Count ? Encoding.UTF8.GetBytes(words[index]) : [choice])];
}
