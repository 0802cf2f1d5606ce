using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Ferry.Hosting.Documents.Sqlite;

/// <summary>Documents in one SQLite file: one table per collection, the document as JSON text. Several processes may use one file.</summary>
/// <remarks>Collections and indexes are made at a collection's first use. A write is on the disk when the call returns.</remarks>
public sealed class SqliteDocumentStore : IDocumentStore, IDisposable
{
    private const int Busy = 5;
    private const int Locked = 6;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);
    private static readonly DocumentOperationNames Operations = new("sqlite", "SELECT", "INSERT", "UPDATE", "DELETE", "SELECT", "SELECT", "UPDATE", "DELETE");

    private readonly ConcurrentBag<SqliteSession> _sessions = [];
    private readonly ConcurrentDictionary<string, bool> _made = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _writer = new(1);
    private readonly string _path;
    private readonly TimeProvider _time;
    private volatile bool _disposed;

    /// <summary>A store in a file, which is made (with its folder) at the first use.</summary>
    public SqliteDocumentStore(string path, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        _path = Path.GetFullPath(path);
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <inheritdoc/>
    public IDocumentCollection<T> Collection<T>(CollectionDefinition definition) where T : class, IDocument
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var name = DocumentNames.Collection(definition).Name;
        return new TracedDocumentCollection<T>(new SqliteDocumentCollection<T>(this, definition), name, Operations);
    }

    /// <inheritdoc/>
    public ValueTask<DateTimeOffset> GetTimeAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new(_time.GetUtcNow());
    }

    /// <summary>Closes the file. Calls that still run end first or fail.</summary>
    public void Dispose()
    {
        _disposed = true;
        while (_sessions.TryTake(out var session))
        {
            session.Dispose();
        }
    }

    /// <summary>Runs a read.</summary>
    internal ValueTask<TResult> ReadAsync<TResult>(CollectionDefinition definition, Func<SqliteSession, TResult> read, CancellationToken cancellationToken) =>
        RunAsync(definition, read, cancellationToken);

    /// <summary>Runs a write; the process's writes wait for each other here, where no thread is held.</summary>
    internal async ValueTask<TResult> WriteAsync<TResult>(
        CollectionDefinition definition, Func<SqliteSession, TResult> write, CancellationToken cancellationToken)
    {
        await _writer.WaitAsync(cancellationToken);
        try
        {
            return await RunAsync(definition, write, cancellationToken);
        }
        finally
        {
            _writer.Release();
        }
    }

    private async ValueTask<TResult> RunAsync<TResult>(
        CollectionDefinition definition, Func<SqliteSession, TResult> work, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        for (var round = 0; ; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return RunOnce(definition, work);
            }
            catch (SqliteException e) when (e.SqliteErrorCode is Busy or Locked && _time.GetElapsedTime(started) < LongestWait)
            {
                // Another process holds the file: nothing was changed. Wait without a thread and try again.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(5, 10 * Math.Min(round + 2, 20))), cancellationToken);
            }
            catch (SqliteException e)
            {
                throw new DocumentStoreException($"The store {_path} failed on {definition.Name}: {e.Message}", e);
            }
        }
    }

    private TResult RunOnce<TResult>(CollectionDefinition definition, Func<SqliteSession, TResult> work)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        var session = _sessions.TryTake(out var pooled) ? pooled : Open();
        var healthy = false;
        try
        {
            Make(session, definition);
            var result = work(session);
            healthy = true;
            return result;
        }
        finally
        {
            if (healthy && !_disposed)
            {
                _sessions.Add(session);
            }
            else
            {
                session.Dispose();
            }
        }
    }

    private SqliteSession Open()
    {
        if (Path.GetDirectoryName(_path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder);
        }

        return new SqliteSession(_path);
    }

    private void Make(SqliteSession session, CollectionDefinition definition)
    {
        var key = $"{definition.Name}|{string.Join('|', definition.Indexes.Select(index => string.Join(',', index)))}";
        if (_made.ContainsKey(key))
        {
            return;
        }

        session.Execute($"CREATE TABLE IF NOT EXISTS \"{definition.Name}\" (id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID");
        foreach (var index in definition.Indexes)
        {
            var fields = string.Join(',', index.Select(SqliteStatement.Expression));
            session.Execute($"CREATE INDEX IF NOT EXISTS \"{definition.Name}:{string.Join(',', index)}\" ON \"{definition.Name}\"({fields})");
        }

        _made[key] = true;
    }
}
