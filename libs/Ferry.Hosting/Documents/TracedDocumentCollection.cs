using System.Diagnostics;

namespace Ferry.Hosting.Documents;

/// <summary>A collection whose operations make spans.</summary>
internal sealed class TracedDocumentCollection<T>(IDocumentCollection<T> inner, string name, DocumentOperationNames operations) : IDocumentCollection<T>
    where T : class, IDocument
{
    /// <inheritdoc/>
    public ValueTask<T?> GetAsync(string id, CancellationToken cancellationToken = default) =>
        TraceAsync(operations.Get, inner.GetAsync, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> TryInsertAsync(T document, CancellationToken cancellationToken = default) =>
        TraceAsync(operations.Insert, inner.TryInsertAsync, document, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> TryReplaceAsync(T document, CancellationToken cancellationToken = default) =>
        TraceAsync(operations.Replace, inner.TryReplaceAsync, document, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken = default) =>
        TraceAsync(operations.Delete, inner.DeleteAsync, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<T>> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default) =>
        TraceAsync(operations.Query, inner.QueryAsync, query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> CountAsync(DocumentQuery query, CancellationToken cancellationToken = default) =>
        TraceAsync(operations.Count, inner.CountAsync, query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<T?> UpdateFirstAsync(DocumentQuery query, DocumentUpdate update, CancellationToken cancellationToken = default) =>
        TraceAsync(operations.UpdateFirst, (q, token) => inner.UpdateFirstAsync(q, update, token), query, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<long> DeleteManyAsync(DocumentQuery query, CancellationToken cancellationToken = default) =>
        TraceAsync(operations.DeleteMany, inner.DeleteManyAsync, query, cancellationToken);

    private async ValueTask<TResult> TraceAsync<TArgument, TResult>(
        string operation, Func<TArgument, CancellationToken, ValueTask<TResult>> work, TArgument argument, CancellationToken cancellationToken)
    {
        using var activity = DocumentTelemetry.Start(operations.System, operation, name);
        try
        {
            return await work(argument, cancellationToken);
        }
        catch (Exception e) when (activity is not null)
        {
            activity.SetStatus(ActivityStatusCode.Error).SetTag("error.type", e.GetType().FullName);
            throw;
        }
    }
}
