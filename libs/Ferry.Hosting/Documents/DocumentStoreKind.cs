namespace Ferry.Hosting.Documents;

/// <summary>Which store keeps the documents.</summary>
public enum DocumentStoreKind
{
    /// <summary>One SQLite file, for processes of one machine.</summary>
    Sqlite,

    /// <summary>A MongoDB server or replica set.</summary>
    MongoDb,
}
