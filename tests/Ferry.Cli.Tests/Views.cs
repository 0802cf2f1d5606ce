using Ferry.Contracts;
using Ferry.Contracts.Conversions;

namespace Ferry.Cli.Tests;

/// <summary>Conversions to show.</summary>
internal static class Views
{
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static ConversionRequest Request => new() { Source = "/vms/web01.vmx", Target = "hyperv", Output = "/out" };

    public static ConversionView Of(string state, params StepView[] steps) => new()
    {
        Id = Guid.Parse("0193a7b2-0000-7000-8000-000000000001"), State = state, Request = Request, RequestedAt = Start, Steps = steps, Progress = [], Findings = [],
        Residue = [],
    };

    public static StepView Step(string step, string outcome, double seconds = 0, ByteCounts? bytes = null, int attempt = 1) => new()
    {
        Step = step, Attempt = attempt, Outcome = outcome, StartedAt = Start, EndedAt = outcome == "running" ? null : Start.AddSeconds(seconds), Bytes = bytes,
    };

    public static DiskProgress Disk(long done, long total, int disk = 0, string step = "convert", WaitingFor? waitingFor = null, string? activity = null) => new()
    {
        Step = step, Disk = disk, BytesDone = done, BytesTotal = total, WaitingFor = waitingFor, Activity = activity,
    };

    public static ConversionView Failed(string step, string code) => Of("Failed", Step(step, "failed"), Step("cleanup", "done")) with
    {
        Failure = new Failure { Code = code, Message = "The test says so." },
    };
}
