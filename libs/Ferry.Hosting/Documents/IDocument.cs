namespace Ferry.Hosting.Documents;

/// <summary>A document: any class that System.Text.Json can write and read, with an id and a version.</summary>
public interface IDocument
{
    /// <summary>Unique in the collection.</summary>
    string Id { get; }

    /// <summary>Counts the writes, from 1. Set by the store; a replace fails when the stored version is another.</summary>
    long Version { get; set; }
}
