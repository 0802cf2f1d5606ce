using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Ferry.DiskImages.Vmdk;

namespace Ferry.DiskImages.Tests.Vmdk;

/// <summary>Makes hosted sparse extents with an embedded descriptor ("VMware Virtual Disk Format 5.0", section "Hosted Sparse Extents"), also with what no program combines.</summary>
internal sealed class HostedFileBuilder(long capacitySectors)
{
    public const int GrainSectors = 128;

    private const int Sector = 512;
    private const int TableEntries = 512;
    private const int DescriptorSectors = 4;

    private readonly SortedDictionary<long, byte[]> _grains = [];

    public bool Compressed { get; set; }

    public bool Markers { get; set; }

    public bool Redundant { get; set; }

    /// <summary>Extra lines of the descriptor, and the parent's content id.</summary>
    public (string Cid, string Hint)? Parent { get; set; }

    public HashSet<long> Zeroed { get; } = [];

    /// <summary>Offsets of the directories in the file that was built.</summary>
    public (int Primary, int Redundant) Directories { get; private set; }

    public HostedFileBuilder Set(long grain, byte[] bytes)
    {
        _grains[grain] = bytes;
        return this;
    }

    public byte[] Build()
    {
        var tables = (int)((capacitySectors + (GrainSectors * TableEntries) - 1) / (GrainSectors * TableEntries));
        var directorySectors = ((tables * 4) + Sector - 1) / Sector;
        var file = new MemoryStream();
        file.SetLength((1 + DescriptorSectors) * Sector);
        var redundant = Redundant ? Reserve(file, directorySectors, tables) : 0;
        var primary = Reserve(file, directorySectors, tables);
        Directories = (primary, redundant);
        var entries = new Dictionary<long, uint>();
        foreach (var grain in Zeroed)
        {
            entries[grain] = 1;
        }

        foreach (var (grain, bytes) in _grains)
        {
            entries[grain] = (uint)(file.Length / Sector);
            Append(file, Compressed ? Pack(grain, bytes) : bytes);
        }

        var result = file.ToArray();
        foreach (var directory in Redundant ? new[] { primary, redundant } : [primary])
        {
            for (var i = 0; i < tables; i++)
            {
                BinaryPrimitives.WriteInt32LittleEndian(result.AsSpan(directory + (i * 4)), (directory / Sector) + directorySectors + (i * 4));
            }

            foreach (var (grain, entry) in entries)
            {
                var table = directory + (directorySectors * Sector) + ((int)(grain / TableEntries) * TableEntries * 4);
                BinaryPrimitives.WriteUInt32LittleEndian(result.AsSpan(table + ((int)(grain % TableEntries) * 4)), entry);
            }
        }

        var flags = SparseExtentFlags.ValidLineEnds
            | (Redundant ? SparseExtentFlags.RedundantDirectory : 0)
            | (Zeroed.Count > 0 ? SparseExtentFlags.ZeroedGrains : 0)
            | (Compressed ? SparseExtentFlags.Compressed : 0)
            | (Markers ? SparseExtentFlags.Markers : 0);
        new SparseExtentHeader(
            Zeroed.Count > 0 ? 2u : 1u, flags, (ulong)capacitySectors, GrainSectors, 1, DescriptorSectors, TableEntries, (ulong)(redundant / Sector), (ulong)(primary / Sector), 0, Compressed ? (ushort)1 : (ushort)0).Write(result);
        var text = VmdkText.Descriptor(Compressed ? "streamOptimized" : "monolithicSparse", $"RW {capacitySectors} SPARSE \"x.vmdk\"", "1", Parent?.Cid ?? "ffffffff", Parent?.Hint);
        Encoding.UTF8.GetBytes(text, result.AsSpan(Sector, DescriptorSectors * Sector));
        return result;
    }

    private static int Reserve(MemoryStream file, int directorySectors, int tables)
    {
        var place = (int)file.Length;
        file.SetLength(place + ((directorySectors + (tables * 4)) * Sector));
        return place;
    }

    private static void Append(MemoryStream file, byte[] bytes)
    {
        file.Position = file.Length;
        file.Write(bytes);
        file.SetLength((file.Length + Sector - 1) / Sector * Sector);
    }

    private byte[] Pack(long grain, byte[] bytes)
    {
        var packed = new MemoryStream();
        if (Markers)
        {
            packed.SetLength(GrainMarker.Size);
            packed.Position = GrainMarker.Size;
        }

        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            zlib.Write(bytes);
        }

        var result = packed.ToArray();
        if (Markers)
        {
            new GrainMarker((ulong)(grain * GrainSectors), (uint)(result.Length - GrainMarker.Size)).Write(result);
        }

        return result;
    }
}
