using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;

namespace Ferry.Transfer.Library;

/// <summary>The documents of what is going on in the library; state and command are one write. Safe for concurrent use.</summary>
public sealed class LibraryEntries(IOutbox<LibraryEntryDocument> outbox)
{
    /// <summary>The documents.</summary>
    public IDocumentCollection<LibraryEntryDocument> Documents => outbox.Documents;

    /// <summary>What is going on with a name, or null.</summary>
    public ValueTask<LibraryEntryDocument?> GetAsync(string name, CancellationToken cancellationToken) =>
        Documents.GetAsync(LibraryEntryDocument.IdOf(name), cancellationToken);

    /// <summary>Puts a document in the place of another one, or of none; false when somebody was faster.</summary>
    public async Task<bool> TryPutAsync(LibraryEntryDocument? before, LibraryEntryDocument document, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        document.Version = before?.Version ?? 0;
        if (before is null ? !await Documents.TryInsertAsync(document, cancellationToken) : !await Documents.TryReplaceAsync(document, cancellationToken))
        {
            return false;
        }

        if (document.HasPending)
        {
            await outbox.DispatchAsync(document, cancellationToken);
        }

        return true;
    }

    /// <summary>Changes what a request has begun, as long as it is in a state; nothing happens when it is over.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="state">The state.</param>
    /// <param name="change">Makes the change.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The document as it is then, or null.</returns>
    public async Task<LibraryEntryDocument?> ChangeAsync(Guid requestId, LibraryEntryState state, Action<LibraryEntryDocument> change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        while (await FindAsync(requestId, cancellationToken) is { } document && document.State == state)
        {
            change(document);
            if (await TryPutAsync(document, document, cancellationToken))
            {
                return document;
            }
        }

        return null;
    }

    /// <summary>What a request has begun, or null.</summary>
    public async Task<LibraryEntryDocument?> FindAsync(Guid requestId, CancellationToken cancellationToken) =>
        await Documents.QueryAsync(DocumentQuery.Where("requestId", requestId), cancellationToken) is [var document, ..] ? document : null;

    /// <summary>Forgets what a request has begun.</summary>
    public async Task ForgetAsync(LibraryEntryDocument document, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(document);
        await Documents.DeleteManyAsync(DocumentQuery.Where("id", document.Id).And("requestId", document.RequestId), cancellationToken);
    }
}
