namespace Ferry.Fixup.Rehearsal.Screens;

/// <summary>
/// Finds the text of a console that Linux draws into a frame buffer: the kernel keeps it in its memory, as pairs of character and attribute like those of a VGA adapter. So
/// it is exact, no recognition of a picture. Where in the memory it stands nobody says: it is searched for the words that decide how a start ends.
/// </summary>
internal static class ConsoleMemory
{
    private const int MostLines = 200;
    private const int Reach = 200;

    /// <summary>So many blanks in a row are the end of a line rather than a part of it; the width of the screen is not known.</summary>
    private const int Gap = 8;

    private const byte Attribute = 0x07;

    private static readonly byte[][] Words =
    [
        .. new[] { "login:", "Kernel panic - not syncing", "ALERT!", "(initramfs)", "dracut:/", "emergency mode", "Reached target", "root password for", "Failed to mount" }.Select(Cells),
    ];

    /// <summary>The lines around such words, in the order of the memory; at most 200.</summary>
    /// <param name="memory">A piece of the machine's memory. Lines that lie on its edges are cut.</param>
    public static IReadOnlyList<string> Find(ReadOnlySpan<byte> memory)
    {
        var found = new SortedDictionary<int, string>();
        foreach (var word in Words)
        {
            for (var position = 0; found.Count < MostLines; position += word.Length)
            {
                var next = memory[position..].IndexOf(word);
                if (next < 0)
                {
                    break;
                }

                position += next;
                var (start, line) = LineAt(memory, position);
                found[start] = line;
            }
        }

        return [.. found.Values];
    }

    private static (int Start, string Line) LineAt(ReadOnlySpan<byte> memory, int position)
    {
        var (start, blanks) = (position, 0);
        for (var cell = position - 2; cell >= 0 && position - cell <= Reach * 2 && blanks < Gap && IsText(memory[cell]); cell -= 2)
        {
            blanks = memory[cell] == ' ' ? blanks + 1 : 0;
            start = blanks == 0 ? cell : start;
        }

        var text = new List<char>();
        blanks = 0;
        for (var cell = start; cell < memory.Length && text.Count < Reach && blanks < Gap && IsText(memory[cell]); cell += 2)
        {
            blanks = memory[cell] == ' ' ? blanks + 1 : 0;
            text.Add((char)memory[cell]);
        }

        return (start, new string([.. text]).Trim());
    }

    private static bool IsText(byte character) => character is >= 0x20 and < 0x7F;

    private static byte[] Cells(string word) => [.. word.SelectMany(character => new[] { (byte)character, Attribute })];
}
