using Ferry.Hosting.Documents;

namespace Ferry.Cleanup.Store;

/// <summary>What a run of one kind does.</summary>
public interface IStoreWork
{
    /// <summary>One of <see cref="StoreTaskKind"/>.</summary>
    string Kind { get; }

    /// <summary>Does it, from the beginning.</summary>
    /// <returns>What to write with the end.</returns>
    /// <exception cref="Chunks.Store.ChunkStoreException">The store cannot be read or written.</exception>
    /// <exception cref="Hosting.Jobs.JobFailedException">It cannot be done now.</exception>
    /// <exception cref="OperationCanceledException">Another replica has the run, or the process stops.</exception>
    Task<Func<DocumentUpdate, DocumentUpdate>> RunAsync(StoreTaskLease lease, CancellationToken cancellationToken);
}
