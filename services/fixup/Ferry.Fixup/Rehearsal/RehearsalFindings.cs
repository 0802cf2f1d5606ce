using System.Globalization;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Fixup.Rehearsal.Signs;

namespace Ferry.Fixup.Rehearsal;

/// <summary>What the operator is told of starts before the move.</summary>
internal static class RehearsalFindings
{
    /// <summary>The machine cannot be started here.</summary>
    public static Finding NotPossible(RehearsalException exception) => new()
    {
        Id = exception.Code,
        Severity = FindingSeverity.Warning,
        Message = $"The rehearsal could not be held: {exception.Message}",
        Remedy = exception.Remedy,
    };

    /// <summary>How the rehearsal ended, unless all is well.</summary>
    public static IReadOnlyList<Finding> Of(RehearsalReport report)
    {
        if (report.Verdict != BootVerdict.Booted)
        {
            return
            [
                new Finding
                {
                    Id = report.Verdict == BootVerdict.Panicked ? "REHEARSAL_PANICKED" : "REHEARSAL_UNKNOWN",
                    Severity = FindingSeverity.Warning,
                    Message = string.Create(CultureInfo.InvariantCulture, $"In the rehearsal the machine {(report.Verdict == BootVerdict.Panicked ? "did not boot" : "did not show whether it boots")} ({report.Sign ?? "time was up"}, {report.Seconds:0} s): {Said(report)}"),
                    Remedy = "See its last lines and its screen in the report; where the rehearsal's devices differ from the target's, the report says so.",
                },
            ];
        }

        return report.FailedUnits.Count == 0 ? [] :
        [
            new Finding
            {
                Id = "REHEARSAL_UNITS_FAILED",
                Severity = FindingSeverity.Information,
                Message = $"The machine boots; units did not start in the rehearsal, which has no network: {string.Join("; ", report.FailedUnits)}",
                Remedy = "Compare with the source.",
            },
        ];
    }

    /// <summary>The first boot is left to the target.</summary>
    public static Finding FirstBootLeft(string why) => new()
    {
        Id = "GUEST_FIRST_BOOT_AT_TARGET",
        Severity = FindingSeverity.Warning,
        Message = $"The first boot before the move did not end well, and nothing of it was kept: {why}",
        Remedy = "What waits for the first boot runs at the target.",
    };

    /// <summary>What a start said last, as a sentence.</summary>
    public static string Said(RehearsalReport report) =>
        report.Quote.Length == 0 ? "its console said nothing." : $"\"{report.Quote}\"{(report.Cause is { } cause ? $", after \"{cause}\"" : "")}.";
}
