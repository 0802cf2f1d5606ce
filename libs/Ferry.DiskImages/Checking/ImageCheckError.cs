namespace Ferry.DiskImages;

/// <summary>Something that is wrong with an image.</summary>
public sealed record ImageCheckError
{
    /// <summary>One of the codes in <see cref="DiskImageErrors"/>.</summary>
    public required string Code { get; init; }

    /// <summary>What is wrong.</summary>
    public required string Message { get; init; }

    /// <summary>The file concerned, or null.</summary>
    public string? File { get; init; }

    /// <summary>The file offset concerned in bytes, or null.</summary>
    public long? Offset { get; init; }

    /// <summary>The error of a reader.</summary>
    internal static ImageCheckError From(DiskImageException e) => new() { Code = e.Code, Message = e.Message, File = e.File, Offset = e.Offset };
}
