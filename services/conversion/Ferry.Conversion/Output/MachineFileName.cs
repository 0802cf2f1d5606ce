using System.Globalization;
using System.Text;

namespace Ferry.Conversion.Output;

/// <summary>Makes file names from machine names. A machine's name comes from outside and may hold anything.</summary>
public static class MachineFileName
{
    /// <summary>Most characters that are taken of a machine's name.</summary>
    public const int MaxLength = 64;

    private static readonly string[] reservedOnWindows = ["CON", "PRN", "AUX", "NUL"];

    /// <summary>A name of letters, digits, <c>. _ -</c> and spaces: no leading dot, nothing that Windows reserves, at most <see cref="MaxLength"/> characters.</summary>
    public static string Safe(string machineName)
    {
        ArgumentNullException.ThrowIfNull(machineName);
        var name = new StringBuilder();
        foreach (var letter in machineName)
        {
            if (name.Length == MaxLength)
            {
                break;
            }

            name.Append(char.IsLetterOrDigit(letter) || letter is '.' or '_' or '-' or ' ' ? letter : '_');
        }

        var text = name.ToString().TrimStart('.', ' ', '-').TrimEnd('.', ' ');
        return text.Length == 0 ? "machine" : IsReserved(text) ? "_" + text : text;
    }

    /// <summary>The file name of a disk's image, for example <c>web01-disk0.vhdx</c>.</summary>
    public static string Image(string machineName, int disk, string format) =>
        string.Create(CultureInfo.InvariantCulture, $"{Safe(machineName)}-disk{disk}.{(format == "raw" ? "img" : format)}");

    private static bool IsReserved(string text)
    {
        var stem = text.Split('.')[0].TrimEnd();
        return reservedOnWindows.Contains(stem, StringComparer.OrdinalIgnoreCase)
            || (stem.Length == 4 && char.IsAsciiDigit(stem[3])
                && (stem.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || stem.StartsWith("LPT", StringComparison.OrdinalIgnoreCase)));
    }
}
