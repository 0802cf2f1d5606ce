namespace Ferry.Transfer;

/// <summary>The closed list of this service's own error codes; docs/errors.md explains each.</summary>
public static class TransferErrors
{
    /// <summary>The source's URL has a scheme or host that is not allowed, or holds credentials.</summary>
    public const string SourceNotAllowed = "SOURCE_NOT_ALLOWED";

    /// <summary>The manifest has nothing that could be transferred: its origin is not remote.</summary>
    public const string OriginNotRemote = "ORIGIN_NOT_REMOTE";
}
