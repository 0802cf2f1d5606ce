namespace Ferry.DiskImages.Writing;

/// <summary>How an image that is being written becomes complete.</summary>
internal interface IImageEnding
{
    /// <summary>Whether it is.</summary>
    bool IsComplete { get; }

    /// <summary>Data first, then the metadata, each made durable when <paramref name="durable"/>; the signature, which makes the file an image, last. Does nothing to a complete image.</summary>
    ValueTask CompleteAsync(string? contentId, bool durable, CancellationToken cancellationToken);
}
