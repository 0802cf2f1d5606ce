namespace Ferry.Contracts;

/// <summary>Why something did not succeed. The same code is used in the API, in reports and in docs/errors.md.</summary>
public sealed record Failure
{
    /// <summary>Stable code, for example <c>IMAGE_TRUNCATED</c>.</summary>
    public required string Code { get; init; }

    /// <summary>What happened, in a sentence. Holds no secret.</summary>
    public required string Message { get; init; }

    /// <summary>Where: file, offset, disk, machine; empty when the message says it all.</summary>
    public string Where { get; init; } = "";

    /// <summary>What the operator should do.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>Whether the same work may succeed when it is tried again unchanged.</summary>
    public bool Retryable { get; init; }
}
