namespace Ferry.Contracts.Transfer;

/// <summary>Which pages of an upload's file the server knows, so that a client that restarts learns where it is.</summary>
public sealed record UploadPageList
{
    /// <summary>Pages of the file: its number of chunks divided by 65,536, rounded up.</summary>
    public required int Total { get; init; }

    /// <summary>The known ones, ascending; at most 1,000 in one answer.</summary>
    public required IReadOnlyList<UploadPage> Pages { get; init; }

    /// <summary>First page to ask for next, or null when these are the last.</summary>
    public int? Next { get; init; }
}
