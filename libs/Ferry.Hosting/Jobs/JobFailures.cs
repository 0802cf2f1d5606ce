using System.Diagnostics;
using System.Globalization;
using Ferry.Contracts;

namespace Ferry.Hosting.Jobs;

/// <summary>Failures that the worker itself finds.</summary>
internal static class JobFailures
{
    /// <summary>Worker after worker died on the job.</summary>
    public static Failure KeepsCrashing(long crashes) => new()
    {
        Code = "JOB_KEEPS_CRASHING",
        Message = string.Create(CultureInfo.InvariantCulture, $"{crashes} workers died on this job, one after the other, without getting anywhere."),
        Remedy = "Look at the workers' logs and memory limits, then retry the conversion.",
    };

    /// <summary>A handler threw what it should not. The message names the kind of error only: the text of an unknown exception may hold a secret.</summary>
    public static Failure Internal(Exception exception, JobDocument job, Activity? activity) => new()
    {
        Code = "INTERNAL_ERROR",
        Message = $"An unexpected error ({exception.GetType().Name}) stopped the step.",
        Where = $"job {job.Id}",
        Remedy = activity is null ? "See the worker's log." : $"See the worker's log for trace {activity.TraceId}.",
        Retryable = true,
    };
}
