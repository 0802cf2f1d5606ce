namespace Ferry.DiskImages;

/// <summary>What <see cref="ImageChecker"/> found.</summary>
public sealed record ImageCheckResult
{
    /// <summary>The first errors, at most <see cref="ImageChecker.MaximumErrors"/>.</summary>
    public required IReadOnlyList<ImageCheckError> Errors { get; init; }

    /// <summary>Number of all errors.</summary>
    public required long ErrorCount { get; init; }

    /// <summary>Bytes of the disk that are stored, in the image or its parents.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>Bytes of the image's own files; null when the format does not say what it uses of them.</summary>
    public required long? FileBytes { get; init; }

    /// <summary>Bytes of the files that belong to nothing; they do no harm.</summary>
    public required long LeakedBytes { get; init; }

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsClean => ErrorCount == 0;
}
