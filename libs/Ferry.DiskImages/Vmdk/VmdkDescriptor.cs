namespace Ferry.DiskImages.Vmdk;

/// <summary>The text descriptor of a VMware disk ("VMware Virtual Disk Format 5.0", section "The Descriptor").</summary>
internal sealed record VmdkDescriptor
{
    /// <summary><c>createType</c> as written.</summary>
    public required string CreateType { get; init; }

    /// <summary><c>CID</c>: changes with the content; null when it is not there.</summary>
    public uint? Cid { get; init; }

    /// <summary><c>parentCID</c>: the <see cref="Cid"/> that the parent had when this disk was made over it; null: there is no parent.</summary>
    public uint? ParentCid { get; init; }

    /// <summary><c>parentFileNameHint</c>, or null.</summary>
    public string? ParentHint { get; init; }

    /// <summary>What Ferry says of the image, when no other program has written to it since.</summary>
    public VmdkWriting? Writing { get; init; }

    /// <summary>The extents in the order of the disk.</summary>
    public required IReadOnlyList<VmdkExtentLine> Extents { get; init; }

    /// <summary>What else it says of the disk, for people.</summary>
    public required IReadOnlyDictionary<string, string> Properties { get; init; }
}
