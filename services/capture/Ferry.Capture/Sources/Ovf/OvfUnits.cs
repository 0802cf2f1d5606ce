using System.Globalization;
using System.Text.RegularExpressions;

namespace Ferry.Capture.Sources.Ovf;

/// <summary>Allocation units of OVF (DSP0004 programmatic units): <c>byte * 2^20</c>, and the words that older programs write.</summary>
internal static partial class OvfUnits
{
    /// <summary>Bytes of one unit, or null when the unit is not one of size.</summary>
    public static long? BytesPerUnit(string? unit)
    {
        if (string.IsNullOrWhiteSpace(unit))
        {
            return null;
        }

        if (Programmatic().Match(unit) is { Success: true } match)
        {
            return Power(match.Groups["base"].Value, match.Groups["exponent"].Value);
        }

        return unit.Trim().ToUpperInvariant() switch
        {
            "BYTE" or "BYTES" or "B" => 1,
            "KILOBYTES" or "KILOBYTE" or "KB" or "KIB" => 1L << 10,
            "MEGABYTES" or "MEGABYTE" or "MB" or "MIB" => 1L << 20,
            "GIGABYTES" or "GIGABYTE" or "GB" or "GIB" => 1L << 30,
            "TERABYTES" or "TERABYTE" or "TB" or "TIB" => 1L << 40,
            _ => null,
        };
    }

    /// <summary>A quantity in bytes; null when it is no number, negative or too large.</summary>
    public static long? Bytes(string? quantity, long bytesPerUnit) =>
        long.TryParse(quantity, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue / bytesPerUnit
            ? number * bytesPerUnit
            : null;

    private static long? Power(string number, string exponent) => (number, exponent) switch
    {
        ("", _) => 1,
        ("2", _) when int.Parse(exponent, CultureInfo.InvariantCulture) is <= 50 and var bits => 1L << bits,
        ("10", _) when int.Parse(exponent, CultureInfo.InvariantCulture) is <= 15 and var digits => (long)Math.Pow(10, digits),
        _ => null,
    };

    [GeneratedRegex(
        @"\A\s*byte\s*(?:\*\s*(?<base>2|10)\s*\^\s*(?<exponent>[0-9]{1,2}))?\s*\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Programmatic();
}
