using System.Globalization;
using System.Text.RegularExpressions;

namespace Ferry.Transfer.Bandwidth;

/// <summary>
/// Reads rules: <c>[TIMES] [DAYS]: RATE</c>, or <c>RATE</c> alone, or <c>never [on] [DAYS] [TIMES]</c>. TIMES is <c>08:00-18:00</c> and may go over midnight; DAYS are names,
/// ranges and lists (<c>Mon-Fri</c>, <c>Sat,Sun</c>, <c>Sundays</c>); RATE is a number with a unit, <c>unlimited</c> or <c>0</c>.
/// </summary>
public static partial class BandwidthRuleParser
{
    private const int MostCharacters = 200;
    private static readonly string[] DayNames = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    private static readonly Dictionary<string, double> Units = new(StringComparer.Ordinal)
    {
        ["bit/s"] = 1d / 8, ["kbit/s"] = 1e3 / 8, ["Mbit/s"] = 1e6 / 8, ["Gbit/s"] = 1e9 / 8,
        ["B/s"] = 1, ["kB/s"] = 1e3, ["MB/s"] = 1e6, ["GB/s"] = 1e9, ["KiB/s"] = 1 << 10, ["MiB/s"] = 1 << 20, ["GiB/s"] = 1 << 30,
    };

    /// <summary>Reads one rule.</summary>
    /// <exception cref="BandwidthFormatException">It cannot be understood.</exception>
    public static BandwidthRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rule = text.Trim();
        if (rule.Length is 0 or > MostCharacters)
        {
            throw new BandwidthFormatException(rule.Length == 0 ? "The rule is empty." : $"The rule is longer than {MostCharacters} characters.");
        }

        if (Never().Match(rule) is { Success: true } never)
        {
            return Window(never.Groups[1].Value, rule) with { BytesPerSecond = 0 };
        }

        // The colon before the rate has a blank or nothing behind it, those of times have digits.
        return Windowed().Match(rule) is { Success: true } windowed
            ? Window(windowed.Groups[1].Value, rule) with { BytesPerSecond = Rate(windowed.Groups[2].Value, rule) }
            : new BandwidthRule(BandwidthRule.EveryDay, 0, BandwidthRule.Day, Rate(rule, rule));
    }

    private static BandwidthRule Window(string text, string rule)
    {
        var (days, from, to) = (0, 0, BandwidthRule.Day);
        var timed = false;
        foreach (var word in text.Replace(", ", ",", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Times().Match(word) is not { Success: true } times)
            {
                days |= Days(word, rule);
                continue;
            }

            if (timed)
            {
                throw Error(rule, "has two times", "Write one rule for each");
            }

            timed = true;
            from = Minute(times.Groups[1].Value, times.Groups[2].Value, rule);
            to = Minute(times.Groups[3].Value, times.Groups[4].Value, rule);
            if (from == to || from == BandwidthRule.Day)
            {
                throw Error(rule, $"has the times {word}, between which there is nothing", "Leave them out for the whole day");
            }
        }

        return new BandwidthRule(days == 0 ? BandwidthRule.EveryDay : days, from, to, null);
    }

    private static int Minute(string hour, string minute, string rule)
    {
        var (h, m) = (int.Parse(hour, CultureInfo.InvariantCulture), int.Parse(minute, CultureInfo.InvariantCulture));
        return m < 60 && (h * 60) + m <= BandwidthRule.Day ? (h * 60) + m : throw Error(rule, $"has the time {hour}:{minute}", "Write one from 00:00 to 24:00");
    }

    private static int Days(string word, string rule)
    {
        var days = 0;
        foreach (var part in word.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var ends = part.Split('-');
            if (ends.Length > 2)
            {
                throw Error(rule, $"has the days '{part}'", "Write a range as Mon-Fri");
            }

            var (first, last) = (DayOf(ends[0], rule), DayOf(ends[^1], rule));
            for (var day = first; ; day = (day + 1) % 7)
            {
                days |= 1 << day;
                if (day == last)
                {
                    break;
                }
            }
        }

        return days;
    }

    private static int DayOf(string name, string rule)
    {
        var lower = name.ToLowerInvariant();
        var day = lower.Length < 3 ? -1 : Array.FindIndex(DayNames, full => full.StartsWith(lower, StringComparison.Ordinal) || full + "s" == lower);
        return day >= 0 ? day : throw Error(rule, $"has '{name}' where a day or a time should be", "Write days as Mon, Tue, Wed, Thu, Fri, Sat, Sun and times as 08:00-18:00");
    }

    private static double? Rate(string text, string rule)
    {
        var rate = text.Trim();
        if (rate.Equals("unlimited", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (rate.Equals("never", StringComparison.OrdinalIgnoreCase) || rate == "0")
        {
            return 0;
        }

        var match = Amount().Match(rate);
        if (!match.Success || !double.TryParse(match.Groups[1].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            throw Error(rule, $"has the rate '{rate}'", "Write it as 50 Mbit/s, 10 MiB/s, unlimited or 0");
        }

        if (!Units.TryGetValue(match.Groups[2].Value, out var unit))
        {
            throw Error(rule, $"has the unit '{match.Groups[2].Value}'", $"Use one of {string.Join(", ", Units.Keys)}");
        }

        return number * unit is var bytes && (bytes == 0 || bytes >= 1000)
            ? bytes
            : throw Error(rule, $"has a rate of less than 1 kB/s ({rate})", "Use a higher one, or 0 to park transfers");
    }

    private static BandwidthFormatException Error(string rule, string what, string remedy) => new($"The rule '{rule}' {what}. {remedy}.");

    [GeneratedRegex(@"^never(?:\s+on)?(?:\s+(.*))?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Never();

    [GeneratedRegex(@"^(.*?\S)\s*:(?!\d\d(?:\D|$))\s*(.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Windowed();

    [GeneratedRegex(@"^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$", RegexOptions.CultureInvariant)]
    private static partial Regex Times();

    [GeneratedRegex(@"^(\d+(?:\.\d+)?)\s*([A-Za-z]\S*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Amount();
}
