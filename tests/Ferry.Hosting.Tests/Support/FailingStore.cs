using Ferry.Hosting.Documents;

namespace Ferry.Hosting.Tests.Support;

/// <summary>A store that can be cut off.</summary>
internal sealed class FailingStore : IDocumentStore
{
    private IDocumentStore inner = null!;

    private int refused;
    private int refusedInserts;

    public bool Fails { get; set; }

    /// <summary>Calls that failed.</summary>
    public int Refused => Volatile.Read(ref refused);

    /// <summary>Of them, those that would have inserted a document.</summary>
    public int RefusedInserts => Volatile.Read(ref refusedInserts);

    public IDocumentStore Over(IDocumentStore store)
    {
        inner = store;
        return this;
    }

    public IDocumentCollection<T> Collection<T>(CollectionDefinition definition) where T : class, IDocument => new CutOffCollection<T>(this, inner.Collection<T>(definition));

    public ValueTask<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken = default) => Through().GetTimeAsync(cancellationToken);

    private IDocumentStore Through() => Fails ? throw Away() : inner;

    private IOException Away()
    {
        Interlocked.Increment(ref refused);
        return new IOException("The store is away.");
    }

    private sealed class CutOffCollection<T>(FailingStore store, IDocumentCollection<T> collection) : IDocumentCollection<T> where T : class, IDocument
    {
        private IDocumentCollection<T> Through => store.Fails ? throw store.Away() : collection;

        public ValueTask<T?> GetAsync(string id, CancellationToken cancellationToken = default) => Through.GetAsync(id, cancellationToken);

        public ValueTask<bool> TryInsertAsync(T document, CancellationToken cancellationToken = default)
        {
            if (store.Fails)
            {
                Interlocked.Increment(ref store.refusedInserts);
            }

            return Through.TryInsertAsync(document, cancellationToken);
        }

        public ValueTask<bool> TryReplaceAsync(T document, CancellationToken cancellationToken = default) => Through.TryReplaceAsync(document, cancellationToken);

        public ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken = default) => Through.DeleteAsync(id, cancellationToken);

        public ValueTask<IReadOnlyList<T>> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default) => Through.QueryAsync(query, cancellationToken);

        public ValueTask<long> CountAsync(DocumentQuery query, CancellationToken cancellationToken = default) => Through.CountAsync(query, cancellationToken);

        public ValueTask<T?> UpdateFirstAsync(DocumentQuery query, DocumentUpdate update, CancellationToken cancellationToken = default) =>
            Through.UpdateFirstAsync(query, update, cancellationToken);

        public ValueTask<long> DeleteManyAsync(DocumentQuery query, CancellationToken cancellationToken = default) => Through.DeleteManyAsync(query, cancellationToken);
    }
}
