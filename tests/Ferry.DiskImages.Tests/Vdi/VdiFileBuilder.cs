using System.Buffers.Binary;
using Ferry.DiskImages.Vdi;

namespace Ferry.DiskImages.Tests.Vdi;

/// <summary>Makes VDI files field by field, also such as no program writes.</summary>
internal sealed class VdiFileBuilder
{
    public uint Version { get; set; } = VdiPreHeader.Version11;

    public uint HeaderSize { get; set; } = VdiHeader.Size;

    public VdiImageType Type { get; set; } = VdiImageType.Dynamic;

    public uint SectorSize { get; set; } = 512;

    public ulong Capacity { get; set; } = 4096 * 3;

    public uint BlockSize { get; set; } = 4096;

    public uint BlockExtra { get; set; }

    public uint MapOffset { get; set; } = 512;

    public uint DataOffset { get; set; } = 1024;

    public uint? BlockCount { get; set; }

    public Guid Parent { get; set; }

    /// <summary>Entries of the block map.</summary>
    public uint[] Map { get; set; } = [1, VdiBlockPointer.Zero, VdiBlockPointer.Free];

    /// <summary>Places behind the map; place n is filled with byte n + 1, what stands before its data with 0xee.</summary>
    public int Places { get; set; } = 2;

    public byte[] Build()
    {
        var major0 = Version >> 16 == 0;
        var mapOffset = major0 ? VdiPreHeader.Size + VdiHeader0.Size : (int)Math.Min(MapOffset, 1 << 20);
        var dataOffset = major0 ? mapOffset + (Map.Length * 4) : (int)Math.Min(DataOffset, 1 << 20);
        var stride = (int)Math.Min(BlockSize + BlockExtra, 1 << 20);
        var bytes = new byte[Math.Max(Math.Max(512, dataOffset + (Places * stride)), mapOffset + (Map.Length * 4))];
        new VdiPreHeader("<<< Test >>>\n", IsComplete: true, Version).Write(bytes);
        var geometry = new VdiGeometry(1, 2, 3, SectorSize);
        var count = BlockCount ?? (uint)Map.Length;
        var header = bytes.AsSpan(VdiPreHeader.Size);
        if (major0)
        {
            new VdiHeader0(Type, 0, "old", geometry, Capacity, BlockSize, count, 0, Guid.Empty, Guid.Empty, Parent).Write(header);
        }
        else
        {
            new VdiHeader(HeaderSize, Type, 0, "new", MapOffset, DataOffset, geometry, Capacity, BlockSize, BlockExtra, count, 0, Guid.NewGuid(), Guid.NewGuid(), Parent, Guid.Empty).Write(header);
        }

        for (var place = 0; place < Places; place++)
        {
            var block = bytes.AsSpan(dataOffset + (place * stride), stride);
            block.Fill(0xee);
            block[(int)BlockExtra..].Fill((byte)(place + 1));
        }

        for (var i = 0; i < Map.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(mapOffset + (i * 4)), Map[i]);
        }

        return bytes;
    }
}
