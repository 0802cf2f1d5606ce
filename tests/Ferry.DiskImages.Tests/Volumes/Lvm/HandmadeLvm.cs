using System.Buffers.Binary;
using System.Text;
using Ferry.DiskImages.Lvm;

namespace Ferry.DiskImages.Tests.Volumes.Lvm;

/// <summary>A disk that is one physical volume, made byte by byte (LVM2, lib/format_text/layout.h): two logical volumes, the first in two segments.</summary>
internal static class HandmadeLvm
{
    public const int AreaOffset = 4096;
    public const int TextOffset = AreaOffset + Sector;

    private const int Sector = 512;
    private const int Mebi = 1 << 20;
    private const int AreaSize = Mebi - AreaOffset;
    private const string Id = "0123456789abcdefghijklmnopqrstuv";

    /// <summary>The text of the group.</summary>
    public const string Text = """
        group {
        id = "aaaaaa-aaaa-aaaa-aaaa-aaaa-aaaa-aaaaaa"
        seqno = 3
        format = "lvm2" # informational
        status = ["RESIZEABLE", "READ", "WRITE"]
        flags = []
        extent_size = 2048
        physical_volumes {
        pv0 {
        id = "012345-6789-abcd-efgh-ijkl-mnop-qrstuv"
        status = ["ALLOCATABLE"]
        dev_size = 20480
        pe_start = 2048
        pe_count = 8
        }
        }
        logical_volumes {
        root {
        id = "x"
        status = ["READ", "WRITE", "VISIBLE"]
        segment_count = 2
        segment1 {
        start_extent = 0
        extent_count = 1
        type = "striped"
        stripe_count = 1
        stripes = [
        "pv0", 2
        ]
        }
        segment2 {
        start_extent = 1
        extent_count = 1
        type = "striped"
        stripe_count = 1
        stripes = ["pv0", 0]
        }
        }
        other {
        status = ["READ", "VISIBLE"]
        segment1 {
        start_extent = 0
        extent_count = 3
        type = "linear"
        stripe_count = 1
        stripes = ["pv0", 4]
        }
        }
        }
        }
        contents = "Text Format Volume Group"
        version = 1

        """;

    /// <summary>The disk.</summary>
    /// <param name="content">2 MiB for the first logical volume.</param>
    public static byte[] Build(byte[] content)
    {
        var bytes = new byte[10 * Mebi];
        var label = bytes.AsSpan(Sector, Sector);
        "LABELONE"u8.CopyTo(label);
        label[8] = 1;
        label[20] = 32;
        "LVM2 001"u8.CopyTo(label[24..]);
        Encoding.ASCII.GetBytes(Id, label[32..]);
        Put(label, 64, (ulong)bytes.Length, Mebi, 0, 0, 0, AreaOffset, AreaSize, 0, 0);
        var area = bytes.AsSpan(AreaOffset, Sector);
        " LVM2 x[5A%r0N*>"u8.CopyTo(area[4..]);
        area[20] = 1;
        Put(area, 24, AreaOffset, AreaSize, Sector, (ulong)Text.Length);
        Encoding.ASCII.GetBytes(Text, bytes.AsSpan(TextOffset));
        content.AsSpan(0, Mebi).CopyTo(bytes.AsSpan(3 * Mebi));
        content.AsSpan(Mebi, Mebi).CopyTo(bytes.AsSpan(Mebi));
        Mend(bytes);
        return bytes;
    }

    /// <summary>Sets the checksums of label, area and text.</summary>
    public static void Mend(byte[] bytes)
    {
        if (bytes.Length < TextOffset)
        {
            return;
        }

        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(Sector + 16), LvmChecksum.Compute(bytes.AsSpan(Sector + 20, Sector - 20)));
        var area = bytes.AsSpan(AreaOffset, Sector);
        var (offset, size) = (BinaryPrimitives.ReadUInt64LittleEndian(area[40..]), BinaryPrimitives.ReadUInt64LittleEndian(area[48..]));
        if (offset < (ulong)(bytes.Length - AreaOffset) && size <= (ulong)(bytes.Length - AreaOffset) - offset)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(area[56..], LvmChecksum.Compute(bytes.AsSpan(AreaOffset + (int)offset, (int)size)));
        }

        BinaryPrimitives.WriteUInt32LittleEndian(area, LvmChecksum.Compute(area[4..]));
    }

    private static void Put(Span<byte> bytes, int offset, params ReadOnlySpan<ulong> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(offset + (i * 8))..], values[i]);
        }
    }
}
