using Ferry.Contracts.Conversions;

namespace Ferry.Cli.Output;

/// <summary>One step in a line.</summary>
internal static class StepLine
{
    public static string Of(StepView step)
    {
        var line = $"{step.Step}{(step.Attempt > 1 ? $" (attempt {step.Attempt})" : "")}: {step.Outcome}";
        if (step.EndedAt is { } ended)
        {
            line += $" in {Units.Duration(ended - step.StartedAt)}";
        }

        if (step.Bytes is { } bytes)
        {
            line += $", read {Units.Bytes(bytes.Read)}, zero {Units.Bytes(bytes.Zero)}, written {Units.Bytes(bytes.Written)}";
            line += bytes.Deduplicated > 0 ? $", deduplicated {Units.Bytes(bytes.Deduplicated)}" : "";
        }

        return line;
    }
}
