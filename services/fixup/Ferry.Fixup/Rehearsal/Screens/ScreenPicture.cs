using System.Globalization;
using System.Text;

namespace Ferry.Fixup.Rehearsal.Screens;

/// <summary>A picture of the screen, as QEMU writes it (PPM, 8 bits a colour).</summary>
internal sealed class ScreenPicture
{
    private const int LongestSide = 8192;
    private const int MostBytes = 64 << 20;
    private readonly ReadOnlyMemory<byte> _pixels;

    private ScreenPicture(int width, int height, ReadOnlyMemory<byte> pixels)
    {
        (Width, Height, _pixels) = (width, height, pixels);
    }

    /// <summary>Width in points.</summary>
    public int Width { get; }

    /// <summary>Height in points.</summary>
    public int Height { get; }

    /// <summary>The points, three bytes each.</summary>
    public ReadOnlySpan<byte> Pixels => _pixels.Span;

    /// <summary>Reads a picture; null when it is none, or of no sensible size.</summary>
    public static ScreenPicture? Read(ReadOnlyMemory<byte> file)
    {
        var position = 0;
        if (Word(file.Span, ref position) != "P6"
            || !TrySide(Word(file.Span, ref position), out var width)
            || !TrySide(Word(file.Span, ref position), out var height)
            || Word(file.Span, ref position) != "255")
        {
            return null;
        }

        var bytes = (long)width * height * 3;
        return bytes <= MostBytes && file.Length - position >= bytes ? new ScreenPicture(width, height, file.Slice(position, (int)bytes)) : null;
    }

    /// <summary>The picture at half its size.</summary>
    public ScreenPicture Halved()
    {
        var (width, height) = (Math.Max(1, Width / 2), Math.Max(1, Height / 2));
        var half = new byte[width * height * 3];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                Pixels.Slice(((y * 2 * Width) + (x * 2)) * 3, 3).CopyTo(half.AsSpan(((y * width) + x) * 3));
            }
        }

        return new ScreenPicture(width, height, half);
    }

    /// <summary>The part of the points, from 0 to 1, that are of a colour within a tolerance for each of red, green and blue.</summary>
    public double Share(ScreenColour colour, int tolerance)
    {
        var pixels = Pixels;
        var count = 0;
        for (var i = 0; i + 2 < pixels.Length; i += 3)
        {
            if (Near(pixels[i], colour.Red) && Near(pixels[i + 1], colour.Green) && Near(pixels[i + 2], colour.Blue))
            {
                count++;
            }
        }

        return count / (double)(Width * Height);

        bool Near(byte value, byte wanted) => Math.Abs(value - wanted) <= tolerance;
    }

    private static bool TrySide(string word, out int side) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out side) && side is > 0 and <= LongestSide;

    /// <summary>The next word of the header and the one blank behind it.</summary>
    private static string Word(ReadOnlySpan<byte> file, ref int position)
    {
        var start = position;
        while (position < file.Length && position - start < 10 && file[position] > ' ')
        {
            position++;
        }

        return Encoding.ASCII.GetString(file[start..Math.Min(position++, file.Length)]);
    }
}
