using System.Buffers.Binary;
using System.Text;

namespace Ferry.DiskImages.Tests.Qcow2;

/// <summary>
/// A QCOW2 file written byte by byte from the specification: header in cluster 0, L1 table in cluster 1, one L2 table in cluster 2, data from cluster 3 on. What is
/// wrong with it a test changes.
/// </summary>
internal sealed class HandmadeQcow2
{
    public const int ClusterSize = 1 << 16;

    public uint Version { get; set; } = 3;

    public uint ClusterBits { get; set; } = 16;

    public ulong DiskSize { get; set; } = 1 << 20;

    public uint Encryption { get; set; }

    public uint L1Entries { get; set; } = 1;

    public ulong L1Offset { get; set; } = ClusterSize;

    public uint Snapshots { get; set; }

    public ulong Incompatible { get; set; }

    public ulong Autoclear { get; set; }

    public uint RefcountOrder { get; set; } = 4;

    public uint HeaderLength { get; set; } = 112;

    public byte CompressionType { get; set; }

    public string? Backing { get; set; }

    public ulong? BackingOffset { get; set; }

    public uint? BackingSize { get; set; }

    public List<(uint Type, byte[] Data, uint? Length)> Extensions { get; } = [];

    public ulong[] L1 { get; set; } = [(2 * ClusterSize) | (1UL << 63)];

    public ulong[] L2 { get; set; } = [];

    public int Length { get; set; } = 4 * ClusterSize;

    public HandmadeQcow2 With(uint type, string text) => With(type, Encoding.UTF8.GetBytes(text));

    public HandmadeQcow2 With(uint type, byte[] data, uint? length = null)
    {
        Extensions.Add((type, data, length));
        return this;
    }

    public byte[] ToBytes()
    {
        var file = new byte[Math.Max(Length, 4 * ClusterSize)];
        "QFI"u8.CopyTo(file);
        file[3] = 0xfb;
        Put32(4, Version);
        Put32(20, ClusterBits);
        Put64(24, DiskSize);
        Put32(32, Encryption);
        Put32(36, L1Entries);
        Put64(40, L1Offset);
        Put64(48, 3 * ClusterSize);
        Put32(56, 1);
        Put32(60, Snapshots);
        var at = 72;
        if (Version >= 3)
        {
            Put64(72, Incompatible);
            Put64(88, Autoclear);
            Put32(96, RefcountOrder);
            Put32(100, HeaderLength);
            file[104] = CompressionType;
            at = 112;
        }

        foreach (var (type, data, length) in Extensions)
        {
            Put32(at, type);
            Put32(at + 4, length ?? (uint)data.Length);
            data.CopyTo(file, at + 8);
            at += 8 + ((data.Length + 7) & ~7);
        }

        at += 8;
        if (Backing is not null)
        {
            var name = Encoding.UTF8.GetBytes(Backing);
            name.CopyTo(file, at);
            Put64(8, BackingOffset ?? (ulong)at);
            Put32(16, BackingSize ?? (uint)name.Length);
        }

        for (var i = 0; i < L1.Length; i++)
        {
            Put64(ClusterSize + (i * 8), L1[i]);
        }

        for (var i = 0; i < L2.Length; i++)
        {
            Put64((2 * ClusterSize) + (i * 8), L2[i]);
        }

        return file[..Length];

        void Put32(int offset, uint value) => BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(offset), value);
        void Put64(int offset, ulong value) => BinaryPrimitives.WriteUInt64BigEndian(file.AsSpan(offset), value);
    }
}
