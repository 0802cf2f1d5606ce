namespace Ferry.Hosting.Jobs;

/// <summary>The fault points of the worker itself; handlers add their own.</summary>
internal static class FaultPointNames
{
    /// <summary>A job is claimed, its handler has not started.</summary>
    public const string Claimed = "job.claimed";

    /// <summary>A slice is proven.</summary>
    public const string SliceProven = "job.slice.proven";

    /// <summary>A job's result is written, its event is not sent.</summary>
    public const string EndedBeforeSend = "job.ended.beforeSend";
}
