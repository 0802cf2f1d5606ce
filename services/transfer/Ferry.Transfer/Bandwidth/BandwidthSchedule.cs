using Ferry.Contracts.Transfer;

namespace Ferry.Transfer.Bandwidth;

/// <summary>The rate of a limit over time: its rules on the wall clock of its time zone, so that a window keeps its hours when the clocks change. Immutable.</summary>
public sealed class BandwidthSchedule
{
    private const int MostRules = 50;
    private const int DaysAhead = 8;
    private readonly BandwidthRule[] rules;
    private readonly TimeZoneInfo zone;

    private BandwidthSchedule(BandwidthRule[] rules, TimeZoneInfo zone) => (this.rules, this.zone) = (rules, zone);

    /// <summary>Reads a limit.</summary>
    /// <exception cref="BandwidthFormatException">A rule or the time zone cannot be understood.</exception>
    public static BandwidthSchedule Parse(BandwidthLimit limit)
    {
        ArgumentNullException.ThrowIfNull(limit);
        if (limit.Rules is not { Count: > 0 and <= MostRules })
        {
            throw new BandwidthFormatException($"A limit has from 1 to {MostRules} rules.");
        }

        return TimeZoneInfo.TryFindSystemTimeZoneById(limit.TimeZone ?? "", out var zone)
            ? new BandwidthSchedule([.. limit.Rules.Select(BandwidthRuleParser.Parse)], zone)
            : throw new BandwidthFormatException($"The time zone '{limit.TimeZone}' is not known. Use an IANA name such as Europe/Berlin, or UTC.");
    }

    /// <summary>The rate at a time in bytes a second: 0 parks, null is no limit.</summary>
    public double? RateAt(DateTimeOffset time)
    {
        var local = TimeZoneInfo.ConvertTime(time, zone).DateTime;
        foreach (var rule in rules)
        {
            if (rule.Fits(local))
            {
                return rule.BytesPerSecond;
            }
        }

        return null;
    }

    /// <summary>The first time behind <paramref name="time"/>, within eight days, at which another rate begins; null when there is none.</summary>
    public DateTimeOffset? NextChange(DateTimeOffset time)
    {
        var rate = RateAt(time);
        return Boundaries(time).Where(candidate => candidate > time).Order().Cast<DateTimeOffset?>().FirstOrDefault(candidate => RateAt(candidate!.Value) != rate);
    }

    /// <summary>The first time at or behind <paramref name="time"/>, within eight days, at which it is not parked; null when there is none.</summary>
    public DateTimeOffset? NextOpen(DateTimeOffset time)
    {
        for (var at = time; ; )
        {
            if (RateAt(at) is not 0)
            {
                return at;
            }

            if (NextChange(at) is not { } next || next > time.AddDays(DaysAhead))
            {
                return null;
            }

            at = next;
        }
    }

    // Every start, end and midnight, and every moment at which the zone's clock is moved.
    private IEnumerable<DateTimeOffset> Boundaries(DateTimeOffset time)
    {
        var today = TimeZoneInfo.ConvertTime(time, zone).Date;
        for (var day = -1; day <= DaysAhead; day++)
        {
            var date = DateTime.SpecifyKind(today.AddDays(day), DateTimeKind.Unspecified);
            foreach (var minute in rules.SelectMany(rule => new[] { rule.From, rule.To }).Append(0).Distinct())
            {
                var local = date.AddMinutes(minute);
                if (zone.IsInvalidTime(local))
                {
                    continue; // The clock jumps over it: the change is at the jump.
                }

                foreach (var offset in zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local) : [zone.GetUtcOffset(local)])
                {
                    yield return new DateTimeOffset(local, offset).ToUniversalTime();
                }
            }

            if (ClockChange(time.AddDays(day), time.AddDays(day + 1)) is { } jump)
            {
                yield return jump;
            }
        }
    }

    private DateTimeOffset? ClockChange(DateTimeOffset from, DateTimeOffset to)
    {
        if (zone.GetUtcOffset(from) == zone.GetUtcOffset(to))
        {
            return null;
        }

        while (to - from > TimeSpan.FromMilliseconds(1))
        {
            var middle = from + ((to - from) / 2);
            (from, to) = zone.GetUtcOffset(middle) == zone.GetUtcOffset(from) ? (middle, to) : (from, middle);
        }

        // Clocks are moved at whole seconds.
        return new DateTimeOffset((to.UtcTicks + (TimeSpan.TicksPerSecond / 2)) / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
    }
}
