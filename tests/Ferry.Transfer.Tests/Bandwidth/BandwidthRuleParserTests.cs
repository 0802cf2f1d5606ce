using Ferry.Transfer.Bandwidth;

namespace Ferry.Transfer.Tests.Bandwidth;

public sealed class BandwidthRuleParserTests
{
    private const int Weekdays = 0b011_1110;

    [Theory]
    [InlineData("50 Mbit/s", BandwidthRule.EveryDay, 0, 1440, 6_250_000d)]
    [InlineData("08:00-18:00 Mon-Fri: 50 Mbit/s", Weekdays, 480, 1080, 6_250_000d)]
    [InlineData("Mon-Fri 08:00-18:00: 10MiB/s", Weekdays, 480, 1080, 10d * 1048576)]
    [InlineData("22:30-06:00: 1.5 Gbit/s", BandwidthRule.EveryDay, 1350, 360, 187_500_000d)]
    [InlineData("Sat,Sun: unlimited", 0b100_0001, 0, 1440, null)]
    [InlineData("saturday, sunday: 0", 0b100_0001, 0, 1440, 0d)]
    [InlineData("Fri-Mon: 2 MB/s", 0b110_0011, 0, 1440, 2_000_000d)]
    [InlineData("never on Sundays", 1, 0, 1440, 0d)]
    [InlineData("Never", BandwidthRule.EveryDay, 0, 1440, 0d)]
    [InlineData("never 12:00-13:00", BandwidthRule.EveryDay, 720, 780, 0d)]
    [InlineData("18:00-24:00 Tue: unlimited", 0b000_0100, 1080, 1440, null)]
    public void Parse_Rule_IsUnderstood(string text, int days, int from, int to, double? rate) =>
        Assert.Equal(new BandwidthRule(days, from, to, rate), BandwidthRuleParser.Parse(text));

    [Theory]
    [InlineData("", "empty")]
    [InlineData("fast", "'fast'")]
    [InlineData("50", "rate '50'")]
    [InlineData("50 mbit/s", "unit 'mbit/s'")]
    [InlineData("-5 Mbit/s", "rate '-5 Mbit/s'")]
    [InlineData("1 bit/s", "less than 1 kB/s")]
    [InlineData("08:00-18:00 Mo-Fr: 50 Mbit/s", "'Mo'")]
    [InlineData("08:00-25:00: 50 Mbit/s", "25:00")]
    [InlineData("08:61-09:00: 50 Mbit/s", "08:61")]
    [InlineData("08:00-08:00: 50 Mbit/s", "nothing")]
    [InlineData("08:00-09:00 10:00-11:00: 50 Mbit/s", "two times")]
    [InlineData("never on Someday", "'Someday'")]
    [InlineData("Mon-Tue-Wed: 0", "Mon-Tue-Wed")]
    public void Parse_Nonsense_SaysWhatIsWrong(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<BandwidthFormatException>(() => BandwidthRuleParser.Parse(text)).Message, StringComparison.Ordinal);
}
