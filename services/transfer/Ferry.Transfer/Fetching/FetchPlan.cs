using Ferry.Chunks.Manifests;
using Ferry.Chunks.Slices;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Jobs;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Fetching;

/// <summary>What has to be fetched of one file of a job. Safe for concurrent use.</summary>
internal sealed class FetchPlan(
    JobContext<RunTransfer> job, int file, string shown, ManifestReader manifest, ReceivingLog receiving, TransferOptions options, Action<ByteCounts> proven)
{
    // The slices of a leased job are numbered by chunk: each file has numbers of its own.
    private const int FileShift = 32;
    private IReadOnlyList<(long First, int Count)> begunBefore = [];

    public JobContext<RunTransfer> Job { get; } = job;

    public ManifestReader Manifest { get; } = manifest;

    public ReceivingLog Receiving { get; } = receiving;

    public TransferOptions Options { get; } = options;

    /// <summary>Where the bytes come from, as it may be shown.</summary>
    public string Shown { get; } = shown;

    /// <summary>Number of the file's chunk 0 among the job's slices.</summary>
    public long Base { get; } = (long)file << FileShift;

    /// <summary>Tells that a slice is proven.</summary>
    public Action<ByteCounts> Proven { get; } = proven;

    /// <summary>Bytes that are at the origin.</summary>
    public async Task<long> MeasureAsync(CancellationToken cancellationToken)
    {
        var total = 0L;
        var header = Manifest.Header;
        await foreach (var run in Manifest.ReadRunsAsync(cancellationToken))
        {
            total += run.Entry.State.IsAtOrigin() ? Math.Min(run.Count * header.ChunkSize, header.Size - (run.First * header.ChunkSize)) : 0;
        }

        return total;
    }

    /// <summary>The slices of the file that are proven.</summary>
    public async Task<IReadOnlyList<SliceDocument>> SlicesAsync(CancellationToken cancellationToken) =>
        [.. (await Job.GetProvenSlicesAsync(cancellationToken)).Where(slice => slice.First >> FileShift == Base >> FileShift)];

    /// <summary>What slices say of the file's chunks.</summary>
    public ProvenEntries Entries(IReadOnlyList<SliceDocument> slices) =>
        new(slices.Select(slice => (slice.First - Base, slice.Count, (ReadOnlyMemory<byte>)slice.Entries)), Manifest.Header.ChunkCount);

    /// <summary>Learns what earlier workers had begun.</summary>
    public async Task LookBackAsync(CancellationToken cancellationToken) => begunBefore =
        [.. (await Receiving.BegunBeforeAsync(Job.JobId, Job.Epoch, cancellationToken)).Select(begun => (begun.First - Base, begun.Count))];

    /// <summary>How many earlier workers had begun to receive a chunk without proving it.</summary>
    public int TimesBegunBefore(long chunk) => begunBefore.Count(begun => chunk >= begun.First && chunk < begun.First + begun.Count);
}
