using Ferry.Hosting.Documents;

namespace Ferry.Fixup.Tests.Job;

/// <summary>A document store with the one collection that the handler uses, in memory.</summary>
internal class OneCollection<TDocument> : IDocumentStore, IDocumentCollection<TDocument> where TDocument : class, IDocument
{
    public Dictionary<string, TDocument> Documents { get; } = [];

    public IDocumentCollection<T> Collection<T>(CollectionDefinition definition) where T : class, IDocument => (IDocumentCollection<T>)(object)this;

    public ValueTask<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<TDocument?> GetAsync(string id, CancellationToken cancellationToken = default) => ValueTask.FromResult(Documents.GetValueOrDefault(id));

    public ValueTask<bool> TryInsertAsync(TDocument document, CancellationToken cancellationToken = default) => ValueTask.FromResult(Documents.TryAdd(document.Id, document));

    public ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken = default) => ValueTask.FromResult(Documents.Remove(id));

    public ValueTask<bool> TryReplaceAsync(TDocument document, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<TDocument>> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<long> CountAsync(DocumentQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<TDocument?> UpdateFirstAsync(DocumentQuery query, DocumentUpdate update, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public ValueTask<long> DeleteManyAsync(DocumentQuery query, CancellationToken cancellationToken = default) => throw new NotSupportedException();
}
