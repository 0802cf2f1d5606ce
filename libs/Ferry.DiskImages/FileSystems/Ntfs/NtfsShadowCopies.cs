using System.Buffers.Binary;

namespace Ferry.DiskImages.FileSystems.Ntfs;

/// <summary>
/// Tells whether a volume has shadow copies (libyal, "Volume Shadow Snapshot format", sections "Volume header" and "Catalog"). A shadow copy reads what did not
/// change from the volume itself, also from clusters that are free by now, so that none may be dropped.
/// </summary>
internal static class NtfsShadowCopies
{
    private const int HeaderOffset = 0x1e00;
    private const int HeaderSize = 112;
    private const int BlockSize = 16 * 1024;
    private const int EntrySize = 128;
    private const int MostBlocks = 4096;
    private const ulong LastUnusedType = 1;

    private static readonly Guid Identifier = new("3808876b-c176-4e48-b7ae-04046e6cc752");

    /// <summary>Whether there is one, or that cannot be told.</summary>
    internal static async ValueTask<bool> ExistAsync(VolumeSource volume, CancellationToken cancellationToken)
    {
        if (volume.Length < HeaderOffset + HeaderSize)
        {
            return false;
        }

        var header = await volume.ReadAsync(HeaderOffset, HeaderSize, "shadow copy header", cancellationToken).ConfigureAwait(false);
        if (new Guid(header.AsSpan(0, 16)) != Identifier)
        {
            return false;
        }

        var (self, storage) = (new Guid(header.AsSpan(64, 16)), new Guid(header.AsSpan(80, 16)));
        var next = BinaryPrimitives.ReadUInt64LittleEndian(header.AsSpan(48));
        if (storage != Guid.Empty && storage != self)
        {
            return true;
        }

        for (var blocks = 0; next != 0; blocks++)
        {
            if (blocks == MostBlocks || next > (ulong)volume.Length || (long)next > volume.Length - BlockSize)
            {
                return true;
            }

            var block = await volume.ReadAsync((long)next, BlockSize, "shadow copy catalog", cancellationToken).ConfigureAwait(false);
            if (new Guid(block.AsSpan(0, 16)) != Identifier || HasEntries(block))
            {
                return true;
            }

            next = BinaryPrimitives.ReadUInt64LittleEndian(block.AsSpan(40));
        }

        return false;
    }

    private static bool HasEntries(ReadOnlySpan<byte> block)
    {
        for (var offset = EntrySize; offset < BlockSize; offset += EntrySize)
        {
            if (BinaryPrimitives.ReadUInt64LittleEndian(block[offset..]) > LastUnusedType)
            {
                return true;
            }
        }

        return false;
    }
}
