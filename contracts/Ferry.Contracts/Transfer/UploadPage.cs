namespace Ferry.Contracts.Transfer;

/// <summary>A page of entries that the server keeps for an upload.</summary>
public sealed record UploadPage
{
    /// <summary>Number of the page, from 0.</summary>
    public required int Page { get; init; }

    /// <summary>SHA-256 of the page as it was sent: 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>Chunks that were missing when the server looked last; it counts them when a page is sent or asked for.</summary>
    public required int Missing { get; init; }
}
