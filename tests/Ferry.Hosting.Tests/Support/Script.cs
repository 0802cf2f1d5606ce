using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Jobs;

namespace Ferry.Hosting.Tests.Support;

/// <summary>What the job handler of a test does.</summary>
internal sealed class Script
{
    public Func<JobContext<CleanUpConversion>, CancellationToken, Task<object>> Run { get; set; } = (job, _) => Task.FromResult<object>(Done(job));

    public static ConversionCleanedUp Done(JobContext<CleanUpConversion> job) =>
        new() { ConversionId = job.ConversionId, Attempt = job.Command.Attempt, Residue = [] };

    /// <summary>Runs until stopped, saying when it has started.</summary>
    public static Func<JobContext<CleanUpConversion>, CancellationToken, Task<object>> UntilStopped(Action<JobContext<CleanUpConversion>> started) =>
        async (job, stop) =>
        {
            started(job);
            await new TaskCompletionSource().Task.WaitAsync(stop);
            return Done(job);
        };
}
