using Microsoft.Data.Sqlite;

namespace Ferry.Hosting.Documents.Sqlite;

/// <summary>One connection with the statements prepared on it. Used by one caller at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    // The texts come from the code's queries, so there are few; the limit only guards against a caller that makes up fields.
    private const int MostStatements = 200;

    private readonly Dictionary<string, SqliteCommand> _statements = new(StringComparer.Ordinal);
    private readonly SqliteConnection _connection;

    /// <summary>Opens the file, which is made when it is not there.</summary>
    public SqliteSession(string path)
    {
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            _connection.Open();

            // FULL: every commit is on the disk before the caller goes on. The busy timeout is short; the store waits longer without holding a thread.
            Execute("PRAGMA busy_timeout=1000");
            Execute("PRAGMA journal_mode=WAL");
            Execute("PRAGMA synchronous=FULL");
        }
        catch
        {
            _connection.Dispose();
            throw;
        }
    }

    /// <summary>Runs SQL that has no values and is not run again.</summary>
    public void Execute(string sql)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs a statement and returns how many rows it changed.</summary>
    public int Change(SqliteStatement statement) => Prepared(statement).ExecuteNonQuery();

    /// <summary>Runs a statement and reads each of its rows.</summary>
    public List<TRow> Read<TRow>(SqliteStatement statement, Func<SqliteDataReader, TRow> read, CancellationToken cancellationToken)
    {
        // Read to the end: a statement that writes and returns is committed (or fails) when it is done, not when its first row is there.
        var rows = new List<TRow>();
        using var reader = Prepared(statement).ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Forget();
        _connection.Dispose();
    }

    private SqliteCommand Prepared(SqliteStatement statement)
    {
        var text = statement.Text;
        if (!_statements.TryGetValue(text, out var command))
        {
            if (_statements.Count >= MostStatements)
            {
                Forget();
            }

            command = _connection.CreateCommand();
#pragma warning disable CA2100 // SqliteStatement puts values into parameters and checks names
            command.CommandText = text;
#pragma warning restore CA2100
            for (var index = 0; index < statement.Values.Count; index++)
            {
                command.Parameters.Add(new SqliteParameter($"@p{index}", null));
            }

            _statements.Add(text, command);
        }

        for (var index = 0; index < statement.Values.Count; index++)
        {
            command.Parameters[index].Value = statement.Values[index] ?? DBNull.Value;
        }

        return command;
    }

    private void Forget()
    {
        foreach (var command in _statements.Values)
        {
            command.Dispose();
        }

        _statements.Clear();
    }
}
