using System.Buffers.Binary;

namespace Ferry.DiskImages.Vhdx;

/// <summary>File parameters item (MS-VHDX 2.6.2.1).</summary>
/// <param name="BlockSize">Offset 0: bytes per payload block, a power of 2 from 1 MiB to 256 MiB.</param>
/// <param name="LeaveBlocksAllocated">Offset 4, bit 0: a fixed image.</param>
/// <param name="HasParent">Offset 4, bit 1: a differencing image.</param>
internal readonly record struct FileParameters(uint BlockSize, bool LeaveBlocksAllocated, bool HasParent)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 8;

    /// <summary>Smallest block.</summary>
    internal const uint MinimumBlockSize = 1 << 20;

    /// <summary>Largest block.</summary>
    internal const uint MaximumBlockSize = 1 << 28;

    /// <summary>Whether a block size is allowed.</summary>
    internal static bool IsAllowed(uint blockSize) => uint.IsPow2(blockSize) && blockSize is >= MinimumBlockSize and <= MaximumBlockSize;

    /// <summary>Reads the structure.</summary>
    internal static FileParameters Read(ReadOnlySpan<byte> bytes)
    {
        var flags = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        return new FileParameters(BinaryPrimitives.ReadUInt32LittleEndian(bytes), (flags & 1) != 0, (flags & 2) != 0);
    }

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, BlockSize);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], (LeaveBlocksAllocated ? 1u : 0u) | (HasParent ? 2u : 0u));
    }
}
