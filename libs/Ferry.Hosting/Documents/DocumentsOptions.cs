using System.ComponentModel.DataAnnotations;

namespace Ferry.Hosting.Documents;

/// <summary>Where the services keep their documents.</summary>
public sealed class DocumentsOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string SectionName = "Ferry:Documents";

    /// <summary><c>sqlite</c> (one process) or <c>mongodb</c>.</summary>
    [RegularExpression("(?i)^(sqlite|mongodb)$")]
    public string Kind { get; set; } = "sqlite";

    /// <summary>File of the SQLite database; its folder is made.</summary>
    public string Path { get; set; } = "data/ferry.db";

    /// <summary>Address of MongoDB.</summary>
    public string Uri { get; set; } = "mongodb://localhost:27017";

    /// <summary>Name of the MongoDB database.</summary>
    public string Database { get; set; } = "ferry";

    internal bool IsMongoDb => Kind.Equals("mongodb", StringComparison.OrdinalIgnoreCase);
}
