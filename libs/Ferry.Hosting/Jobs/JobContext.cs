using Ferry.Contracts.Conversions;

namespace Ferry.Hosting.Jobs;

/// <summary>What a running job may do. Made by the worker; every write carries the lease's epoch and fails when another worker has taken over.</summary>
public abstract class JobContext<TCommand> where TCommand : class
{
    /// <summary>The command.</summary>
    public abstract TCommand Command { get; }

    /// <summary>Id of the conversion.</summary>
    public abstract Guid ConversionId { get; }

    /// <summary>Id of the job.</summary>
    public abstract string JobId { get; }

    /// <summary>The lease's epoch: 1 for the first worker, more after a crash.</summary>
    public abstract long Epoch { get; }

    /// <summary>The slices that were proven before, by first chunk.</summary>
    public abstract ValueTask<IReadOnlyList<SliceDocument>> GetProvenSlicesAsync(CancellationToken cancellationToken);

    /// <summary>Records a slice whose bytes are durable. Proving the same slice twice is harmless.</summary>
    /// <exception cref="LeaseLostException">Another worker has the job now.</exception>
    public abstract ValueTask ProveSliceAsync(long first, int count, ReadOnlyMemory<byte> entries, ByteCounts bytes, CancellationToken cancellationToken);

    /// <summary>
    /// Throws when the lease could not be renewed for two thirds of its length, by this machine's monotonic clock: another worker may have the job soon. To be called
    /// right before every write outside the store, as a process may have been stopped for any time since its last step. Costs next to nothing.
    /// </summary>
    /// <exception cref="LeaseLostException">The lease is lost, or may be soon.</exception>
    public abstract void CheckLease();

    /// <summary>
    /// Waits until every worker that went silent on a job of this conversion in this service must have stopped: a lease's length after its job was taken over. To be
    /// called before what such a worker may still hold open becomes visible to others.
    /// </summary>
    public abstract ValueTask WaitOutFormerWorkersAsync(CancellationToken cancellationToken);

    /// <summary>Says how far the job is. Cheap: written with the next renewal and published at most once a second.</summary>
    public abstract void Report(DiskProgress progress);

    /// <summary>Writes a resource into the service's ledger before it is made.</summary>
    public abstract ValueTask RecordResourceAsync(string kind, string place, CancellationToken cancellationToken);

    /// <summary>Takes a resource out of the ledger, after it was removed or handed over.</summary>
    public abstract ValueTask ForgetResourceAsync(string kind, string place, CancellationToken cancellationToken);

    /// <summary>A place where a test may kill the process (<c>FERRY_FAULT_POINT</c>); does nothing otherwise.</summary>
    /// <param name="name">Name, for example <c>convert.slice.proven</c>; listed in docs/architecture.md.</param>
    public abstract void FaultPoint(string name);
}
