using System.Text;
using Ferry.Fixup.Rehearsal.Screens;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>Pictures as QEMU writes them.</summary>
internal static class Pictures
{
    public static byte[] File(int width, int height, byte red, byte green, byte blue, double text = 0)
    {
        byte[] header = [.. Encoding.ASCII.GetBytes($"P6\n{width} {height}\n255\n")];
        var pixels = new byte[width * height * 3];
        for (var i = 0; i < width * height; i++)
        {
            byte[] colour = i < width * height * text ? [255, 255, 255] : [red, green, blue];
            colour.CopyTo(pixels, i * 3);
        }

        return [.. header, .. pixels];
    }

    public static ScreenPicture Of(byte red, byte green, byte blue, double text) => ScreenPicture.Read(File(64, 48, red, green, blue, text))!;
}
