using Ferry.Contracts.Conversions;
using Ferry.Hosting.Jobs;

namespace Ferry.Hosting.Tests.Support;

/// <summary>Slices for tests.</summary>
internal static class Work
{
    public static readonly ByteCounts OneChunk = new() { Read = 1024, Written = 1024 };

    /// <summary>One byte per chunk stands for its entry.</summary>
    public static ValueTask ProveAsync<T>(JobContext<T> job, long first, byte entry = 1, int count = 1) where T : class =>
        job.ProveSliceAsync(first, count, Enumerable.Repeat(entry, count).ToArray(), OneChunk, CancellationToken.None);
}
