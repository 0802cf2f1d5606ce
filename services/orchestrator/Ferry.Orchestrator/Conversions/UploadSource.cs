namespace Ferry.Orchestrator.Conversions;

/// <summary>Sources that are a machine whose disks a client has sent: <c>upload:ID</c>.</summary>
public static class UploadSource
{
    private const string Prefix = "upload:";

    /// <summary>Whether a source is meant to be one.</summary>
    public static bool IsReference(string source) => source is not null && source.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The id of the upload; null when it is none.</summary>
    public static Guid? Of(string source) => IsReference(source) && Guid.TryParseExact(source[Prefix.Length..], "D", out var id) ? id : null;
}
