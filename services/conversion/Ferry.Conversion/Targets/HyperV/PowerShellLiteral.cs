using System.Globalization;
using System.Text;

namespace Ferry.Conversion.Targets.HyperV;

/// <summary>
/// Values as PowerShell source. Names come from descriptors that nobody trusts, so the text is pure ASCII whatever the value: a script that lost its byte
/// order mark is read in the system's code page, where the second byte of a harmless letter can be a typographic quote, which PowerShell takes for a quote.
/// </summary>
internal static class PowerShellLiteral
{
    /// <summary>A string expression that has exactly this value and in which nothing is expanded; <c>$null</c> for null.</summary>
    public static string Of(string? value)
    {
        if (value is null)
        {
            return "$null";
        }

        var plain = value.All(c => c is >= ' ' and <= '~');
        if (plain)
        {
            return Quoted(value);
        }

        var result = new StringBuilder("(''");
        for (var i = 0; i < value.Length;)
        {
            var length = 0;
            while (i + length < value.Length && value[i + length] is >= ' ' and <= '~')
            {
                length++;
            }

            if (length > 0)
            {
                result.Append(" + ").Append(Quoted(value.Substring(i, length)));
                i += length;
            }
            else
            {
                result.Append(CultureInfo.InvariantCulture, $" + [char]0x{(int)value[i]:X4}");
                i++;
            }
        }

        return result.Append(')').ToString();
    }

    /// <summary>A whole number; <c>$null</c> for null.</summary>
    public static string Of(long? value) => value?.ToString(CultureInfo.InvariantCulture) ?? "$null";

    /// <summary>A truth value.</summary>
    public static string Of(bool value) => value ? "$true" : "$false";

    private static string Quoted(string ascii) => "'" + ascii.Replace("'", "''", StringComparison.Ordinal) + "'";
}
