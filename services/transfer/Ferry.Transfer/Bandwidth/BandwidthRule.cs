namespace Ferry.Transfer.Bandwidth;

/// <summary>One rule: a rate, on some days, between two times of the day.</summary>
/// <param name="Days">The days on which it begins; bit 0 is Sunday.</param>
/// <param name="From">Start, minutes after midnight.</param>
/// <param name="To">End, minutes after midnight, not included; at or before <paramref name="From"/>: on the next day.</param>
/// <param name="BytesPerSecond">The rate in bytes a second: 0 parks, null is no limit.</param>
public readonly record struct BandwidthRule(int Days, int From, int To, double? BytesPerSecond)
{
    /// <summary>Every day.</summary>
    public const int EveryDay = 0b111_1111;

    /// <summary>Minutes of a day.</summary>
    public const int Day = 24 * 60;

    /// <summary>Whether the rule fits a local time.</summary>
    public bool Fits(DateTime local)
    {
        var minute = (int)local.TimeOfDay.TotalMinutes;
        return To > From
            ? IsOn(local.DayOfWeek) && minute >= From && minute < To
            : (IsOn(local.DayOfWeek) && minute >= From) || (IsOn(local.AddDays(-1).DayOfWeek) && minute < To);
    }

    private bool IsOn(DayOfWeek day) => (Days & (1 << (int)day)) != 0;
}
