namespace Ferry.Hosting.Jobs;

/// <summary>Another worker has taken the job over; this one stops and writes nothing more.</summary>
public sealed class LeaseLostException(string jobId, long epoch)
    : Exception(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The lease of job {jobId} with epoch {epoch} is lost."))
{
    /// <summary>The job.</summary>
    public string JobId { get; } = jobId;

    /// <summary>The epoch that is no longer valid.</summary>
    public long Epoch { get; } = epoch;
}
