namespace Ferry.DiskImages.Vmdk;

/// <summary>The text descriptor of a VMware disk ("VMware Virtual Disk Format 5.0", section "The Descriptor").</summary>
internal sealed record VmdkDescriptor
{
    /// <summary>The parent's content id of a disk that has no parent.</summary>
    internal const string NoParent = "ffffffff";

    /// <summary><c>createType</c> as written.</summary>
    public required string CreateType { get; init; }

    /// <summary><c>parentCID</c>, lower case.</summary>
    public required string ParentContentId { get; init; }

    /// <summary><c>parentFileNameHint</c>, or null.</summary>
    public string? ParentHint { get; init; }

    /// <summary>What Ferry says of the image, when no other program has written to it since.</summary>
    public VmdkWriting? Writing { get; init; }

    /// <summary>The extents in the order of the disk.</summary>
    public required IReadOnlyList<VmdkExtentLine> Extents { get; init; }
}
