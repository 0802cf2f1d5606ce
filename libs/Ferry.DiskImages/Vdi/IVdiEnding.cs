namespace Ferry.DiskImages.Vdi;

/// <summary>How a VDI that is being written becomes complete.</summary>
internal interface IVdiEnding
{
    /// <summary>Whether it is.</summary>
    bool IsComplete { get; }

    /// <summary>Data first, then map and header, each made durable when <paramref name="durable"/>; the signature, which makes the file an image, last. Does nothing to a complete image.</summary>
    ValueTask CompleteAsync(string? contentId, bool durable, CancellationToken cancellationToken);
}
