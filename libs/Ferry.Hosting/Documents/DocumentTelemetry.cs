using System.Diagnostics;

namespace Ferry.Hosting.Documents;

/// <summary>Spans of the document stores, named as OpenTelemetry's database conventions say.</summary>
/// <remarks>There is a span only inside of another one: polling for work makes no traces of its own. (The MongoDB driver's own source, <c>MongoDB.Driver</c>, would.)</remarks>
public static class DocumentTelemetry
{
    /// <summary>Name of the activity source.</summary>
    public const string SourceName = "Ferry.Hosting.Documents";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Starts the span of one operation, or returns null when nobody traces here.</summary>
    internal static Activity? Start(string system, string operation, string collection)
    {
        if (Activity.Current is null)
        {
            return null;
        }

        var activity = Source.StartActivity($"{operation} {collection}", ActivityKind.Client);
        activity?.SetTag("db.system.name", system).SetTag("db.operation.name", operation).SetTag("db.collection.name", collection);
        return activity;
    }
}
