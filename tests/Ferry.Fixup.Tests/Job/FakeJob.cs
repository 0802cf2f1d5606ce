using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Hosting.Jobs;

namespace Ferry.Fixup.Tests.Job;

/// <summary>A job that notes what its handler does.</summary>
internal sealed class FakeJob(FixUpGuest command) : JobContext<FixUpGuest>
{
    public override FixUpGuest Command { get; } = command;

    public override Guid ConversionId => Command.ConversionId;

    public override string JobId => "job";

    public override long Epoch => 1;

    public HashSet<string> Ledger { get; } = [];

    public HashSet<string> EverInLedger { get; } = [];

    public List<string> Activities { get; } = [];

    public List<string> Points { get; } = [];

    public override ValueTask<IReadOnlyList<SliceDocument>> GetProvenSlicesAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IReadOnlyList<SliceDocument>>([]);

    public override ValueTask ProveSliceAsync(long first, int count, ReadOnlyMemory<byte> entries, ByteCounts bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public override void CheckLease()
    {
    }

    /// <inheritdoc/>
    public override ValueTask WaitOutFormerWorkersAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public override void Report(DiskProgress progress) => Activities.Add(progress.Activity ?? "");

    public override ValueTask RecordResourceAsync(string kind, string place, CancellationToken cancellationToken)
    {
        Assert.False(Directory.Exists(place), "recorded too late");
        Ledger.Add(place);
        EverInLedger.Add(place);
        return ValueTask.CompletedTask;
    }

    public override ValueTask ForgetResourceAsync(string kind, string place, CancellationToken cancellationToken)
    {
        Assert.False(Directory.Exists(place), "forgotten too early");
        Ledger.Remove(place);
        return ValueTask.CompletedTask;
    }

    public override void FaultPoint(string name) => Points.Add(name);
}
