using System.Globalization;
using System.Text.Encodings.Web;

namespace Ferry.Conversion.Reports;

/// <summary>Values as they stand in the page.</summary>
internal static class HtmlText
{
    private static readonly string[] units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"];

    /// <summary>Text from outside, harmless between tags and in quoted attributes.</summary>
    public static string Encode(string? text) => HtmlEncoder.Default.Encode(text ?? "");

    /// <summary>A time, UTC, to the second.</summary>
    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A duration in the unit that suits it.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds < 60
        ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
        : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00} h");

    /// <summary>A number of bytes in the unit that suits it.</summary>
    public static string Bytes(long bytes)
    {
        var (value, unit) = ((double)bytes, 0);
        while (value >= 1024 && unit < units.Length - 1)
        {
            (value, unit) = (value / 1024, unit + 1);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.##} {units[unit]}");
    }

    /// <summary>A number.</summary>
    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
