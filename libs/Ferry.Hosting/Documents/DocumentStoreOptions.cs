namespace Ferry.Hosting.Documents;

/// <summary>Where the documents are kept.</summary>
public sealed class DocumentStoreOptions
{
    /// <summary>Name of the configuration's section.</summary>
    public const string SectionName = "Ferry:Store";

    /// <summary><c>sqlite</c> or <c>mongodb</c>.</summary>
    public DocumentStoreKind Kind { get; set; } = DocumentStoreKind.Sqlite;

    /// <summary>The file, for SQLite; it is made when it is not there.</summary>
    public string? Path { get; set; }

    /// <summary>The connection string, for MongoDB. It may hold a password: it is never logged.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The database, for MongoDB.</summary>
    public string Database { get; set; } = "ferry";
}
