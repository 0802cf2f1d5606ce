using System.Collections.Concurrent;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Jobs;

namespace Ferry.Testing;

/// <summary>A job without a store: keeps what is proven in memory, and "crashes" (throws) at a fault point when it is told to.</summary>
internal sealed class FakeJobContext<TCommand>(Guid conversionId, TCommand command, FakeJobContext<TCommand>? before = null) : JobContext<TCommand>
    where TCommand : class
{
    private readonly ConcurrentDictionary<long, SliceDocument> slices = before?.slices ?? new();
    private readonly ConcurrentDictionary<string, int> passed = new();

    public override TCommand Command { get; } = command;

    public override Guid ConversionId { get; } = conversionId;

    public override string JobId => "job-1";

    public override long Epoch { get; } = (before?.Epoch ?? 0) + 1;

    /// <summary>What the ledger holds: kind and place.</summary>
    public ConcurrentDictionary<(string Kind, string Place), bool> Ledger { get; } = before?.Ledger ?? new();

    /// <summary>Everything that was recorded, in order, with what existed then.</summary>
    public List<(string Kind, string Place, bool Existed)> Recorded { get; } = [];

    public List<DiskProgress> Reports { get; } = [];

    /// <summary>Called at each fault point with its name and how often it was passed; throws to crash.</summary>
    public Action<string, int> OnFaultPoint { get; set; } = (_, _) => { };

    public IReadOnlyCollection<SliceDocument> Slices => [.. slices.Values];

    /// <summary>Slices proven in this run.</summary>
    public ConcurrentBag<SliceDocument> ProvenHere { get; } = [];

    public override ValueTask<IReadOnlyList<SliceDocument>> GetProvenSlicesAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<SliceDocument>>([.. slices.Values.OrderBy(slice => slice.First)]);

    public override ValueTask ProveSliceAsync(long first, int count, ReadOnlyMemory<byte> entries, ByteCounts bytes, CancellationToken cancellationToken)
    {
        var slice = new SliceDocument
        {
            Id = $"{JobId}/{first}", JobId = JobId, ConversionId = ConversionId, First = first, Count = count, Epoch = Epoch, Entries = entries.ToArray(), Bytes = bytes,
        };
        slices.TryAdd(first, slice);
        ProvenHere.Add(slice);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override void CheckLease()
    {
    }

    /// <inheritdoc/>
    public override ValueTask WaitOutFormerWorkersAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override void Report(DiskProgress progress)
    {
        lock (Reports)
        {
            Reports.Add(progress);
        }
    }

    public override ValueTask RecordResourceAsync(string kind, string place, CancellationToken cancellationToken)
    {
        Recorded.Add((kind, place, Path.Exists(place)));
        Ledger[(kind, place)] = true;
        return ValueTask.CompletedTask;
    }

    public override ValueTask ForgetResourceAsync(string kind, string place, CancellationToken cancellationToken)
    {
        Ledger.TryRemove((kind, place), out _);
        return ValueTask.CompletedTask;
    }

    public override void FaultPoint(string name) => OnFaultPoint(name, passed.AddOrUpdate(name, 1, (_, count) => count + 1));
}
