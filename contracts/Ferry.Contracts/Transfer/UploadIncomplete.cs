namespace Ferry.Contracts.Transfer;

/// <summary>What a file lacks that was said to be complete (the extension <c>incomplete</c> of the problem <c>UPLOAD_INCOMPLETE</c>).</summary>
public sealed record UploadIncomplete
{
    /// <summary>Pages that were never sent, ascending, the first 1,000.</summary>
    public required IReadOnlyList<int> UnknownPages { get; init; }

    /// <summary>Pages with missing chunks, ascending, the first 1,000; <c>GET .../pages/{page}/missing</c> says which.</summary>
    public required IReadOnlyList<int> PagesWithMissing { get; init; }

    /// <summary>Missing chunks of all pages that are known.</summary>
    public required long MissingChunks { get; init; }
}
