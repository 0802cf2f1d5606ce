using System.Text;

namespace Ferry.Fixup.Rehearsal.Screens;

/// <summary>
/// The text that stands in a VGA adapter's memory in text mode: pairs of character and attribute, 80 a line, from 0xB8000 on. It is exact, no recognition of a picture. The
/// whole window is read, as Linux scrolls by moving the start of the visible part within it.
/// </summary>
internal static class TextScreen
{
    /// <summary>Physical address of the window.</summary>
    public const int Address = 0xB8000;

    /// <summary>Size of the window in bytes.</summary>
    public const int Size = 0x8000;

    private const int Columns = 80;

    /// <summary>Whether a picture of this size is that of text mode: 80 columns of 9 or 8 points, 25 or more lines in 400 or 350 points.</summary>
    public static bool IsTextMode(int width, int height) => width is 720 or 640 && height is 400 or 350;

    /// <summary>The lines that are not empty.</summary>
    public static IReadOnlyList<string> Read(ReadOnlySpan<byte> memory)
    {
        var lines = new List<string>();
        var line = new StringBuilder(Columns);
        for (var row = 0; row + (Columns * 2) <= memory.Length; row += Columns * 2)
        {
            line.Clear();
            for (var column = 0; column < Columns; column++)
            {
                var character = memory[row + (column * 2)];
                line.Append(character is >= 0x20 and < 0x7F ? (char)character : ' ');
            }

            var text = line.ToString().TrimEnd();
            if (text.Length > 0)
            {
                lines.Add(text);
            }
        }

        return lines;
    }
}
