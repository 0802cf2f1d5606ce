namespace Ferry.DiskImages.Partitions;

/// <summary>One partition of a disk, as its table describes it.</summary>
public sealed record Partition
{
    /// <summary>Number as Linux counts: primary ones and those of a GPT by their place in the table from 1 on, logical ones from 5 on.</summary>
    public required int Number { get; init; }

    /// <summary>First byte on the disk.</summary>
    public required long Offset { get; init; }

    /// <summary>Length in bytes as the table says it; see <see cref="PartitionFlags.Doubtful"/>.</summary>
    public required long Length { get; init; }

    /// <summary>The first byte behind the partition.</summary>
    public long End => Offset + Length;

    /// <summary>Type byte of an MBR entry; null in a GPT.</summary>
    public byte? MbrType { get; init; }

    /// <summary>Type of a GPT entry; null in an MBR.</summary>
    public Guid? TypeId { get; init; }

    /// <summary>The partition's own id in a GPT.</summary>
    public Guid? UniqueId { get; init; }

    /// <summary>Name in a GPT; empty in an MBR.</summary>
    public string Name { get; init; } = "";

    /// <summary>Attribute bits of a GPT entry.</summary>
    public ulong Attributes { get; init; }

    /// <summary>What else is known of it.</summary>
    public PartitionFlags Flags { get; init; }

    /// <summary>The type for people, for example <c>EFI system</c>, or the bare number of one that is not known.</summary>
    public string TypeName => MbrType is { } type ? PartitionTypes.Name(type) : PartitionTypes.Name(TypeId ?? Guid.Empty);
}
