using System.Buffers.Binary;

namespace Ferry.DiskImages.Vhd;

/// <summary>Disk geometry (VHD 1.0, "Hard Disk Footer Format", offset 56).</summary>
/// <param name="Cylinders">Offset 0.</param>
/// <param name="Heads">Offset 2.</param>
/// <param name="SectorsPerTrack">Offset 3.</param>
internal readonly record struct VhdGeometry(ushort Cylinders, byte Heads, byte SectorsPerTrack)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 4;

    private const int SectorSize = 512;

    /// <summary>The largest geometry; it stands for every size that is at least as large.</summary>
    internal static VhdGeometry Maximum { get; } = new(65535, 16, 255);

    /// <summary>Bytes that the geometry reaches.</summary>
    internal long Capacity => (long)Cylinders * Heads * SectorsPerTrack * SectorSize;

    /// <summary>The geometry of a size, rounded down, as "Appendix: CHS Calculation" of the specification computes it; at least one cylinder.</summary>
    internal static VhdGeometry Of(long capacity)
    {
        var sectors = capacity / SectorSize;
        if (capacity >= Maximum.Capacity)
        {
            return Maximum;
        }

        if (sectors >= 65535L * 16 * 63)
        {
            return new VhdGeometry((ushort)(sectors / 255 / 16), 16, 255);
        }

        var tracks = sectors / 17;
        var heads = Math.Max(4, (tracks + 1023) / 1024);
        if (tracks < heads * 1024 && heads <= 16)
        {
            return new VhdGeometry((ushort)Math.Max(1, tracks / heads), (byte)heads, 17);
        }

        tracks = sectors / 31;
        return tracks < 16 * 1024
            ? new VhdGeometry((ushort)(tracks / 16), 16, 31)
            : new VhdGeometry((ushort)(sectors / 63 / 16), 16, 63);
    }

    /// <summary>Reads the structure.</summary>
    internal static VhdGeometry Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt16BigEndian(bytes), bytes[2], bytes[3]);

    /// <summary>Writes the structure.</summary>
    internal void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, Cylinders);
        bytes[2] = Heads;
        bytes[3] = SectorsPerTrack;
    }

    /// <summary>The geometry in words, <c>65535/16/255</c>.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Cylinders}/{Heads}/{SectorsPerTrack}");
}
