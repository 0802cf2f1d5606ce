namespace Ferry.Hosting.Documents;

/// <summary>One collection of documents. Every call is one atomic operation on one document, or a read.</summary>
/// <remarks>Times are kept as UTC ISO 8601 text of fixed width, enumerations as text, so that conditions compare them in order.</remarks>
public interface IDocumentCollection<T> where T : class, IDocument
{
    /// <summary>The document, or null.</summary>
    ValueTask<T?> GetAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Inserts a document with version 1; false when the id is taken (nothing is changed then).</summary>
    ValueTask<bool> TryInsertAsync(T document, CancellationToken cancellationToken = default);

    /// <summary>Replaces the document if its stored version is <see cref="IDocument.Version"/>, and counts the version up; false when it is another or gone.</summary>
    ValueTask<bool> TryReplaceAsync(T document, CancellationToken cancellationToken = default);

    /// <summary>Deletes the document; false when it is not there.</summary>
    ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Documents that match, in the query's order.</summary>
    ValueTask<IReadOnlyList<T>> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default);

    /// <summary>How many documents match; order, skip and limit of the query do not count.</summary>
    ValueTask<long> CountAsync(DocumentQuery query, CancellationToken cancellationToken = default);

    /// <summary>
    /// The atomic claim: changes fields of the first document that matches, in the query's order, counts its version up, and returns it as it is then; null when none
    /// matches. Two callers never change the same document by the same claim when the change makes it stop matching.
    /// </summary>
    ValueTask<T?> UpdateFirstAsync(DocumentQuery query, DocumentUpdate update, CancellationToken cancellationToken = default);

    /// <summary>Deletes every document that matches and says how many.</summary>
    ValueTask<long> DeleteManyAsync(DocumentQuery query, CancellationToken cancellationToken = default);
}
