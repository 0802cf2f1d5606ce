using Ferry.Contracts.Conversions;

namespace Ferry.Cli.Output;

/// <summary>How a machine started before its conversion, for people.</summary>
internal static class RehearsalLine
{
    private const int ShownLines = 15;

    /// <summary>In a line.</summary>
    public static string Of(RehearsalReport rehearsal) =>
        $"rehearsal: {rehearsal.Verdict}{(rehearsal.Sign is { } sign ? $" ({sign})" : "")} after {Units.Duration(TimeSpan.FromSeconds(rehearsal.Seconds))}{(rehearsal.Quote.Length == 0 ? "" : ": " + rehearsal.Quote)}";

    /// <summary>What its console said last. The service has taken out what could change a terminal.</summary>
    public static IEnumerable<string> Last(RehearsalReport rehearsal) => rehearsal.SerialLines.TakeLast(ShownLines).Select(line => "  | " + line);
}
