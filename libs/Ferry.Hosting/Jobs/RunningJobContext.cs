using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Telemetry;

namespace Ferry.Hosting.Jobs;

/// <summary>What the handler of a leased job may do.</summary>
internal sealed class RunningJobContext<TCommand>(JobRun run, TCommand command) : JobContext<TCommand> where TCommand : class
{
    /// <inheritdoc/>
    public override TCommand Command { get; } = command;

    /// <inheritdoc/>
    public override Guid ConversionId => run.Document.ConversionId;

    /// <inheritdoc/>
    public override string JobId => run.Document.Id;

    /// <inheritdoc/>
    public override long Epoch => run.Document.Epoch;

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyList<SliceDocument>> GetProvenSlicesAsync(CancellationToken cancellationToken) =>
        run.Documents.Slices.QueryAsync(DocumentQuery.Where("jobId", JobId).OrderBy("first"), cancellationToken);

    /// <inheritdoc/>
    public override async ValueTask ProveSliceAsync(long first, int count, ReadOnlyMemory<byte> entries, ByteCounts bytes, CancellationToken cancellationToken)
    {
        await run.RenewAsync(proven: true, cancellationToken).ConfigureAwait(false);
        var slice = new SliceDocument
        {
            Id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{JobId}/{first}"),
            JobId = JobId,
            ConversionId = ConversionId,
            First = first,
            Count = count,
            Epoch = Epoch,
            Entries = entries.ToArray(),
            Bytes = bytes,
        };
        if (await WriteAsync(slice, cancellationToken).ConfigureAwait(false))
        {
            run.ProvenSlices++;
            HostingTelemetry.CountBytes(run.Document.Step, bytes);
        }

        run.Faults.Hit(FaultPointNames.SliceProven);
    }

    /// <inheritdoc/>
    public override void CheckLease() => run.CheckLease();

    /// <inheritdoc/>
    public override ValueTask WaitOutFormerWorkersAsync(CancellationToken cancellationToken) => FormerWorkers.WaitOutAsync(run, cancellationToken);

    /// <inheritdoc/>
    public override void Report(DiskProgress progress) => run.Progress = progress;

    /// <inheritdoc/>
    public override async ValueTask RecordResourceAsync(string kind, string place, CancellationToken cancellationToken)
    {
        // The renewal is the fence: a worker that lost its lease must not write down (and then make) anything.
        await run.RenewAsync(proven: false, cancellationToken).ConfigureAwait(false);
        await run.Ledger.RecordAsync(ConversionId, kind, place, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async ValueTask ForgetResourceAsync(string kind, string place, CancellationToken cancellationToken)
    {
        await run.RenewAsync(proven: false, cancellationToken).ConfigureAwait(false);
        await run.Ledger.ForgetAsync(ConversionId, kind, place, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override void FaultPoint(string name) => run.Faults.Hit(name);

    // A slice may be there already: proven by this run before a lost answer, or by a worker whose lease ended between its fence and its insert.
    // Slices are cut by time, so theirs may be shorter or longer; what both hold must agree, and the longer one stays.
    private async Task<bool> WriteAsync(SliceDocument slice, CancellationToken cancellationToken)
    {
        System.Diagnostics.Activity.Current = null; // Slices are metrics, not spans.
        while (true)
        {
            if (await run.Documents.Slices.TryInsertAsync(slice, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }

            if (await run.Documents.Slices.GetAsync(slice.Id, cancellationToken).ConfigureAwait(false) is not { } existing)
            {
                continue;
            }

            var common = Math.Min(existing.Entries.Length, slice.Entries.Length);
            if (!existing.Entries.AsSpan(0, common).SequenceEqual(slice.Entries.AsSpan(0, common)))
            {
                throw new InvalidOperationException($"Slice {slice.Id} was proven before with other chunks.");
            }

            if (existing.Count >= slice.Count)
            {
                return false;
            }

            slice.Version = existing.Version;
            if (await run.Documents.Slices.TryReplaceAsync(slice, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }

            slice.Version = 0;
        }
    }
}
