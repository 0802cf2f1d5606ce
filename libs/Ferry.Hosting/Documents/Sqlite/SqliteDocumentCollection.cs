using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace Ferry.Hosting.Documents.Sqlite;

/// <summary>One table of documents. Each operation is one statement, so it is atomic over all processes.</summary>
internal sealed class SqliteDocumentCollection<T>(SqliteDocumentStore store, CollectionDefinition definition) : IDocumentCollection<T>
    where T : class, IDocument
{
    private readonly string _table = $"\"{definition.Name}\"";

    /// <inheritdoc/>
    public async ValueTask<T?> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        var statement = new SqliteStatement().Add($"SELECT version,body FROM {_table} WHERE id=").AddValue(id);
        var rows = await store.ReadAsync(definition, session => session.Read(statement, Document, cancellationToken), cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryInsertAsync(T document, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        var statement = new SqliteStatement().Add($"INSERT INTO {_table} (id,version,body) VALUES (").AddValue(document.Id)
            .Add(",1,").AddValue(DocumentBody.Text(document, 1)).Add(") ON CONFLICT(id) DO NOTHING");
        if (await store.WriteAsync(definition, session => session.Change(statement), cancellationToken) == 0)
        {
            return false;
        }

        document.Version = 1;
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TryReplaceAsync(T document, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        var version = document.Version;
        var statement = new SqliteStatement().Add($"UPDATE {_table} SET version=").AddValue(version + 1)
            .Add(",body=").AddValue(DocumentBody.Text(document, version + 1))
            .Add(" WHERE id=").AddValue(document.Id).Add(" AND version=").AddValue(version);
        if (await store.WriteAsync(definition, session => session.Change(statement), cancellationToken) == 0)
        {
            return false;
        }

        document.Version = version + 1;
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string id, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(id);
        var statement = new SqliteStatement().Add($"DELETE FROM {_table} WHERE id=").AddValue(id);
        return await store.WriteAsync(definition, session => session.Change(statement), cancellationToken) > 0;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<T>> QueryAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var statement = new SqliteStatement().Add($"SELECT version,body FROM {_table}").AddWhere(query).AddOrder(query)
            .Add(" LIMIT ").AddValue(query.LimitCount > 0 ? (long)query.LimitCount : -1L).Add(" OFFSET ").AddValue((long)query.SkipCount);
        return await store.ReadAsync(definition, session => session.Read(statement, Document, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<long> CountAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        var statement = new SqliteStatement().Add($"SELECT count(*) FROM {_table}").AddWhere(query);
        return await store.ReadAsync(definition, session => session.Read(statement, row => row.GetInt64(0), cancellationToken)[0], cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<T?> UpdateFirstAsync(DocumentQuery query, DocumentUpdate update, CancellationToken cancellationToken = default)
    {
        DocumentUpdates.RefuseWindow(query, nameof(UpdateFirstAsync));
        DocumentUpdates.Validate(update);
        var statement = new SqliteStatement().Add($"UPDATE {_table} SET ").AddAssignments(update)
            .Add($" WHERE id=(SELECT id FROM {_table}").AddWhere(query).AddOrder(query).Add(" LIMIT 1) RETURNING version,body");

        // Once begun it is not given up: a claim that is made and not returned would be lost until its lease ends.
        var rows = await store.WriteAsync(definition, session => session.Read(statement, Document, CancellationToken.None), cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    /// <inheritdoc/>
    public async ValueTask<long> DeleteManyAsync(DocumentQuery query, CancellationToken cancellationToken = default)
    {
        DocumentUpdates.RefuseWindow(query, nameof(DeleteManyAsync));
        var statement = new SqliteStatement().Add($"DELETE FROM {_table}").AddWhere(query);
        return await store.WriteAsync(definition, session => session.Change(statement), cancellationToken);
    }

    private T Document(SqliteDataReader row)
    {
        var document = JsonSerializer.Deserialize<T>(row.GetFieldValue<byte[]>(1), DocumentJson.Options)
            ?? throw new DocumentStoreException($"{definition.Name} holds a null document.");
        document.Version = row.GetInt64(0);
        return document;
    }
}
