namespace Ferry.DiskImages;

/// <summary>How <see cref="ImageConverter"/> writes.</summary>
public sealed record ImageConvertOptions
{
    /// <summary>The variant of the format to write.</summary>
    public DiskImageVariant Variant { get; init; }

    /// <summary>Block size of the target in bytes, 0 for the format's default.</summary>
    public int BlockSize { get; init; }

    /// <summary>Identity of the target disk; null: the source's own, or derived from the pins of the source's files, so that a repeated conversion gives the same bytes.</summary>
    public Guid? DiskId { get; init; }

    /// <summary>Whether a complete file at the target path is replaced. One that an interrupted conversion left is always replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Whether the image is durable (fsync) when the conversion returns.</summary>
    public bool Durable { get; init; } = true;
}
