using System.Text.Json;

namespace Ferry.Hosting.Documents;

/// <summary>A document as JSON text, with the version it is going to have.</summary>
internal static class DocumentBody
{
    /// <summary>Writes the document under a version that it gets for good only when the write succeeds.</summary>
    public static string Text<T>(T document, long version) where T : class, IDocument
    {
        var before = document.Version;
        document.Version = version;
        try
        {
            return JsonSerializer.Serialize(document, DocumentJson.Options);
        }
        finally
        {
            document.Version = before;
        }
    }
}
