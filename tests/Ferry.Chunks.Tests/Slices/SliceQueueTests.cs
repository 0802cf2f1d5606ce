using Ferry.Chunks.Manifests;
using Ferry.Chunks.Slices;
using Ferry.Chunks.Tests.Support;
using Microsoft.Extensions.Time.Testing;

namespace Ferry.Chunks.Tests.Slices;

/// <summary>Slices take the target time at the measured rate, and never much more than the most time, whatever the source does.</summary>
public sealed class SliceQueueTests
{
    private const int Chunks = 20_000;
    private static readonly SliceLimits Limits = new() { TargetTime = TimeSpan.FromSeconds(1), FirstWorkChunks = 16, MaxWorkChunks = 1024 };

    private readonly FakeTimeProvider time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Slices_GrowToTheTargetTime_AtASteadyRate()
    {
        var taken = await RunAsync(_ => TimeSpan.FromMilliseconds(5));
        Assert.All(taken.Skip(8).SkipLast(1), slice => Assert.InRange(slice.Time.TotalSeconds, 0.95, 1.05));
        Assert.Equal(16, taken[0].Count);
    }

    [Fact]
    public async Task SourceThatBecomesAHundredTimesSlower_NeverMakesASliceLongerThanTwoSecondsAndOneChunk()
    {
        var taken = await RunAsync(chunk => chunk is > 8000 and < 9000 ? TimeSpan.FromMilliseconds(300) : TimeSpan.FromMilliseconds(1));
        Assert.InRange(taken.Where(slice => slice.First < 8000).Max(slice => slice.Count), 960, 1024);
        Assert.All(taken, slice => Assert.True(slice.Time <= TimeSpan.FromSeconds(2.3), $"{slice}"));

        // It adapts: after the first ones at the new rate the slices take the target time, and grow again when the source recovers.
        Assert.All(taken.Where(slice => slice.First is > 8050 and < 8900), slice => Assert.InRange(slice.Time.TotalSeconds, 0.5, 1.6));
        Assert.True(taken.Where(slice => slice.First > 12_000).Max(slice => slice.Count) > 500);
    }

    [Fact]
    public async Task SlowChunks_AreSlicesOfTheirOwn()
    {
        var taken = await RunAsync(_ => TimeSpan.FromSeconds(5), 20);
        Assert.All(taken, slice => Assert.Equal(1, slice.Count));
    }

    [Fact]
    public async Task ChunksThatNeedNoWork_AndProvenOnes_AreLeftOut_AlsoBehindACut()
    {
        var entries = Enumerable.Range(0, 100).Select(i => new ManifestEntry(i % 2 == 0 ? ChunkState.Origin : ChunkState.Zero)).ToArray();
        var manifest = await OpenAsync(entries);
        var proven = new ProvenEntries([(20, 10, new byte[10 * ManifestEntryCodec.EntrySize])], entries.Length);
        using var queue = new SliceQueue(manifest, entry => entry.State == ChunkState.Origin, proven, Limits with { FirstWorkChunks = 40 });
        var done = new List<long>();
        while (await queue.NextAsync(Stop) is { } slice)
        {
            var part = slice.Count > 3 ? await queue.CutAsync(slice, 3, Stop) : slice;
            done.AddRange(Enumerable.Range(0, part.Count).Where(i => part.Entries.Span[i].State == ChunkState.Origin).Select(i => part.First + i));
            Assert.Equal(part.Entries.ToArray().Count(entry => entry.State == ChunkState.Origin), part.WorkChunks);
        }

        Assert.Equal(Enumerable.Range(0, 50).Select(i => 2L * i).Where(chunk => chunk is < 20 or >= 30), done.Order());
    }

    // One worker over a source that takes so long for each chunk.
    private async Task<List<(long First, int Count, TimeSpan Time)>> RunAsync(Func<long, TimeSpan> cost, int chunks = Chunks)
    {
        var manifest = await OpenAsync([.. Enumerable.Repeat(new ManifestEntry(ChunkState.Origin), chunks)]);
        using var queue = new SliceQueue(manifest, entry => entry.State == ChunkState.Origin, new ProvenEntries([], chunks), Limits);
        var taken = new List<(long First, int Count, TimeSpan Time)>();
        while (await queue.NextAsync(Stop) is { } slice)
        {
            var timer = new SliceTimer(time, queue.Limits);
            var done = 0;
            while (done < slice.Count && (done == 0 || !timer.IsOver))
            {
                time.Advance(cost(slice.First + done++));
            }

            if (done < slice.Count)
            {
                slice = await queue.CutAsync(slice, done, Stop);
            }

            queue.Took(slice, timer.Elapsed);
            taken.Add((slice.First, slice.Count, timer.Elapsed));
        }

        Assert.Equal(chunks, taken.Sum(slice => slice.Count));
        Assert.Equal(taken.Count, taken.Select(slice => slice.First).Distinct().Count());
        return taken;
    }

    private static async Task<ManifestReader> OpenAsync(ManifestEntry[] entries)
    {
        var store = new ManifestStore(new MemoryStore());
        return await store.OpenAsync(await TestManifests.WriteAsync(store, entries), Stop);
    }
}
