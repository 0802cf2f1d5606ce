using System.Buffers.Binary;

namespace Ferry.DiskImages.Vhdx;

/// <summary>Metadata table entry (MS-VHDX 2.6.1.2) and the ids of the known items (2.6.2).</summary>
/// <param name="Id">Offset 0.</param>
/// <param name="Offset">Offset 16: from the start of the metadata region, at least 64 KiB.</param>
/// <param name="Length">Offset 20: bytes of the item.</param>
/// <param name="Flags">Offset 24: bit 0 user item, bit 1 of the virtual disk (else of the file), bit 2 required.</param>
internal readonly record struct MetadataTableEntry(Guid Id, uint Offset, uint Length, uint Flags)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 32;

    /// <summary><see cref="Flags"/>: an item of the user's, which may have any id.</summary>
    internal const uint IsUser = 1;

    /// <summary><see cref="Flags"/>: the item belongs to the virtual disk.</summary>
    internal const uint IsVirtualDisk = 2;

    /// <summary><see cref="Flags"/>: who does not know the item must not open the file.</summary>
    internal const uint IsRequired = 4;

    /// <summary>File parameters (2.6.2.1): <see cref="Vhdx.FileParameters"/>.</summary>
    internal static readonly Guid FileParameters = new("CAA16737-FA36-4D43-B3B6-33F0AA44E76B");

    /// <summary>Virtual disk size (2.6.2.2): 64 bits.</summary>
    internal static readonly Guid VirtualDiskSize = new("2FA54224-CD1B-4876-B211-5DBED83BF4B8");

    /// <summary>Virtual disk id (2.6.2.3), given to the guest as SCSI page 83: a GUID.</summary>
    internal static readonly Guid VirtualDiskId = new("BECA12AB-B2E6-4523-93EF-C309E000C746");

    /// <summary>Logical sector size (2.6.2.4): 32 bits.</summary>
    internal static readonly Guid LogicalSectorSize = new("8141BF1D-A96F-4709-BA47-F233A8FAAB5F");

    /// <summary>Physical sector size (2.6.2.5): 32 bits.</summary>
    internal static readonly Guid PhysicalSectorSize = new("CDA348C7-445D-4471-9CC9-E9885251C556");

    /// <summary>Parent locator (2.6.2.6).</summary>
    internal static readonly Guid ParentLocator = new("A8D35F2D-B30B-454D-ABF7-D3D84834AB0C");

    /// <summary>Reads the structure.</summary>
    internal static MetadataTableEntry Read(ReadOnlySpan<byte> bytes) => new(
        new Guid(bytes[..16]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[20..]),
        BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]));

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> bytes)
    {
        Id.TryWriteBytes(bytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[16..], Offset);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[20..], Length);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], Flags);
    }
}
