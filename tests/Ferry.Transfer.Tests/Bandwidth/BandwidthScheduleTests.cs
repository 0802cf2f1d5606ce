using System.Globalization;
using Ferry.Contracts.Transfer;
using Ferry.Transfer.Bandwidth;

namespace Ferry.Transfer.Tests.Bandwidth;

public sealed class BandwidthScheduleTests
{
    [Theory]
    [InlineData("2026-11-23T09:00:00Z", 1000d)] // Monday
    [InlineData("2026-11-23T07:59:59Z", null)]
    [InlineData("2026-11-23T18:00:00Z", null)]
    [InlineData("2026-11-28T09:00:00Z", null)] // Saturday
    [InlineData("2026-11-29T09:00:00Z", 0d)] // Sunday
    public void RateAt_TheFirstRuleThatFits_Counts(string time, double? rate) =>
        Assert.Equal(rate, Schedule("UTC", "08:00-18:00 Mon-Fri: 1 kB/s", "never on Sundays").RateAt(At(time)));

    [Theory]
    [InlineData("2026-11-28T23:00:00Z", 1000d)] // It begins on Saturday ...
    [InlineData("2026-11-29T05:00:00Z", 1000d)] // ... and ends on Sunday.
    [InlineData("2026-11-29T23:00:00Z", null)]
    public void RateAt_OverMidnight_BelongsToTheDayOnWhichItBegins(string time, double? rate) =>
        Assert.Equal(rate, Schedule("UTC", "22:00-06:00 Sat: 1 kB/s").RateAt(At(time)));

    [Theory]
    [InlineData("2026-01-15T07:30:00Z", 1000d)] // 08:30 in winter
    [InlineData("2026-07-15T06:30:00Z", 1000d)] // 08:30 in summer
    [InlineData("2026-07-15T16:30:00Z", null)] // 18:30 in summer
    public void RateAt_TimeZone_KeepsTheHoursOfTheWall(string time, double? rate) =>
        Assert.Equal(rate, Schedule("Europe/Berlin", "08:00-18:00: 1 kB/s").RateAt(At(time)));

    [Theory]
    [InlineData("2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")] // 02:30 does not exist on that night: it begins when the clock jumps to 03:00.
    [InlineData("2026-03-29T12:00:00Z", "2026-03-30T00:30:00Z")]
    [InlineData("2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")] // 02:30 is there twice: the first one.
    public void NextChange_WhenTheClocksChange_IsTheRightMoment(string now, string next) =>
        Assert.Equal(At(next), Schedule("Europe/Berlin", "02:30-04:00: 1 kB/s").NextChange(At(now)));

    [Fact]
    public void NextChange_InTheHourThatIsTwice_TheWindowEndsAndBeginsAgain()
    {
        var schedule = Schedule("Europe/Berlin", "02:30-02:45: 1 kB/s");

        Assert.Equal(At("2026-10-25T00:45:00Z"), schedule.NextChange(At("2026-10-25T00:30:00Z")));
        Assert.Equal(At("2026-10-25T01:30:00Z"), schedule.NextChange(At("2026-10-25T00:45:00Z")));
        Assert.Equal(1000, schedule.RateAt(At("2026-10-25T01:30:00Z")));
    }

    [Fact]
    public void NextOpen_Parked_IsTheEndOfTheWindow() =>
        Assert.Equal(At("2026-11-30T00:00:00Z"), Schedule("UTC", "never on Sundays", "Mon: 1 MB/s").NextOpen(At("2026-11-29T10:00:00Z")));

    [Fact]
    public void NextOpen_AlwaysParked_IsNever() => Assert.Null(Schedule("UTC", "never").NextOpen(At("2026-11-29T10:00:00Z")));

    [Fact]
    public void NextChange_OneRate_IsNever() => Assert.Null(Schedule("UTC", "5 MB/s").NextChange(At("2026-11-29T10:00:00Z")));

    [Theory]
    [InlineData("Mars/Olympus", "5 MB/s", "Mars/Olympus")]
    [InlineData("UTC", "quick", "quick")]
    public void Parse_Nonsense_SaysWhatIsWrong(string zone, string rule, string expected) =>
        Assert.Contains(expected, Assert.Throws<BandwidthFormatException>(() => Schedule(zone, rule)).Message, StringComparison.Ordinal);

    private static BandwidthSchedule Schedule(string zone, params string[] rules) => BandwidthSchedule.Parse(new BandwidthLimit { Rules = rules, TimeZone = zone });

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
