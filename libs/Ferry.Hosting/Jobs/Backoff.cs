namespace Ferry.Hosting.Jobs;

/// <summary>Exponential waits with full jitter, so that what failed together does not come back together.</summary>
internal static class Backoff
{
    /// <summary>The wait before retry <paramref name="retry"/>, from 1.</summary>
    public static TimeSpan Wait(JobOptions options, int retry, Random random)
    {
        var ceiling = Math.Min(options.RetryMaxSeconds, options.RetryBaseSeconds * Math.Pow(2, Math.Clamp(retry - 1, 0, 30)));

        // A wait of next to nothing is no wait: at least a tenth of the ceiling.
        return TimeSpan.FromSeconds(ceiling * (0.1 + (0.9 * random.NextDouble())));
    }
}
