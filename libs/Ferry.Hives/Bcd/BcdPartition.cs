using System.Buffers.Binary;

namespace Ferry.Hives.Bcd;

/// <summary>A partition as boot configuration names it.</summary>
public sealed record BcdPartition
{
    internal const int Size = 0x38;
    private const int StyleOffset = 0x14;
    private const int DiskOffset = 0x18;
    private const int GuidSize = 16;
    private const uint MbrStyle = 1;

    private BcdPartition()
    {
    }

    /// <summary>Whether it is of a GPT disk; else of an MBR disk.</summary>
    public bool IsGpt { get; private init; }

    /// <summary>GPT: the partition's unique GUID.</summary>
    public Guid PartitionId { get; private init; }

    /// <summary>GPT: the disk's GUID.</summary>
    public Guid DiskId { get; private init; }

    /// <summary>MBR: the partition's offset on the disk in bytes.</summary>
    public ulong Offset { get; private init; }

    /// <summary>MBR: the disk's signature.</summary>
    public uint DiskSignature { get; private init; }

    /// <summary>A partition of a GPT disk.</summary>
    /// <param name="diskId">The disk's GUID.</param>
    /// <param name="partitionId">The partition's unique GUID.</param>
    public static BcdPartition Gpt(Guid diskId, Guid partitionId) => new() { IsGpt = true, DiskId = diskId, PartitionId = partitionId };

    /// <summary>A partition of an MBR disk.</summary>
    /// <param name="diskSignature">The disk's signature.</param>
    /// <param name="offset">The partition's offset on the disk in bytes.</param>
    public static BcdPartition Mbr(uint diskSignature, ulong offset) => new() { DiskSignature = diskSignature, Offset = offset };

    /// <summary>Reads what follows the header of a partition device; null where it is of neither kind.</summary>
    internal static BcdPartition? Read(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[StyleOffset..]) switch
    {
        0 => Gpt(new Guid(bytes.Slice(DiskOffset, GuidSize)), new Guid(bytes[..GuidSize])),
        MbrStyle => Mbr(BinaryPrimitives.ReadUInt32LittleEndian(bytes[DiskOffset..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes)),
        _ => null,
    };

    internal void Write(Span<byte> bytes)
    {
        bytes[..Size].Clear();
        if (IsGpt)
        {
            PartitionId.TryWriteBytes(bytes);
            DiskId.TryWriteBytes(bytes[DiskOffset..]);
        }
        else
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes, Offset);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[StyleOffset..], MbrStyle);
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[DiskOffset..], DiskSignature);
        }
    }
}
