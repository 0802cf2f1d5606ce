using System.Globalization;
using System.Text;

namespace Ferry.Conversion.Targets.Azure;

/// <summary>Values as Bash source: pure ASCII, and nothing in them is expanded.</summary>
internal static class ShellLiteral
{
    /// <summary>A word that has exactly this value in UTF-8.</summary>
    public static string Of(string value)
    {
        if (value.All(c => c is >= ' ' and <= '~' and not '\''))
        {
            return "'" + value + "'";
        }

        var text = new StringBuilder("$'");
        foreach (var b in Encoding.UTF8.GetBytes(value))
        {
            if (b is >= (byte)' ' and <= (byte)'~' and not (byte)'\'' and not (byte)'\\')
            {
                text.Append((char)b);
            }
            else
            {
                // Octal has three digits at most, so that a digit behind it cannot belong to it.
                text.Append('\\').Append(Convert.ToString(b, 8).PadLeft(3, '0'));
            }
        }

        return text.Append('\'').ToString();
    }

    /// <summary>A whole number.</summary>
    public static string Of(long value) => value.ToString(CultureInfo.InvariantCulture);
}
