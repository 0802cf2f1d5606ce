namespace Ferry.Hosting.Documents;

/// <summary>State as documents: SQLite in one process, MongoDB in many. Same contract, same tests. Safe for concurrent use.</summary>
public interface IDocumentStore
{
    /// <summary>Opens a collection and makes its indexes. Cheap to call again.</summary>
    IDocumentCollection<T> Collection<T>(CollectionDefinition definition) where T : class, IDocument;

    /// <summary>The store's own clock, UTC: the only clock that leases are compared with.</summary>
    ValueTask<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken = default);
}
