using System.Buffers.Binary;

namespace Ferry.DiskImages.Tests.Vhdx;

/// <summary>Lays out a log from MS-VHDX 2.3 alone: a ring of entries.</summary>
internal sealed class VhdxLogBuilder(Guid logId, int length = VhdxFileBuilder.MiB)
{
    public const int Sector = 4096;

    public byte[] Ring { get; } = new byte[length];

    /// <summary>Puts an entry at an offset; it may wrap around the end.</summary>
    /// <returns>The offset behind it.</returns>
    public int Entry(int offset, ulong sequence, int tail, long flushedOffset, long lastOffset, params (long FileOffset, byte[]? Data, long Zeros)[] changes)
    {
        var descriptorBytes = (64 + (changes.Length * 32) + Sector - 1) / Sector * Sector;
        var bytes = new byte[descriptorBytes + (changes.Count(c => c.Data is not null) * Sector)];
        "loge"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), bytes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), tail);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(16), sequence);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), changes.Length);
        logId.TryWriteBytes(bytes.AsSpan(32));
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(48), flushedOffset);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(56), lastOffset);
        var data = descriptorBytes;
        for (var i = 0; i < changes.Length; i++)
        {
            var descriptor = bytes.AsSpan(64 + (i * 32));
            BinaryPrimitives.WriteInt64LittleEndian(descriptor[16..], changes[i].FileOffset);
            BinaryPrimitives.WriteUInt64LittleEndian(descriptor[24..], sequence);
            if (changes[i].Data is not { } sector)
            {
                "zero"u8.CopyTo(descriptor);
                BinaryPrimitives.WriteInt64LittleEndian(descriptor[8..], changes[i].Zeros);
                continue;
            }

            "desc"u8.CopyTo(descriptor);
            sector.AsSpan(4092, 4).CopyTo(descriptor[4..]);
            sector.AsSpan(0, 8).CopyTo(descriptor[8..]);
            "data"u8.CopyTo(bytes.AsSpan(data));
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(data + 4), (uint)(sequence >> 32));
            sector.AsSpan(8, 4084).CopyTo(bytes.AsSpan(data + 8));
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(data + 4092), (uint)sequence);
            data += Sector;
        }

        VhdxFileBuilder.Sum(bytes, 4);
        for (var i = 0; i < bytes.Length; i++)
        {
            Ring[(offset + i) % Ring.Length] = bytes[i];
        }

        return (offset + bytes.Length) % Ring.Length;
    }
}
