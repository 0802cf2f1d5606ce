using System.Buffers.Binary;
using Ferry.DiskImages.Vmdk.SeSparse;

namespace Ferry.DiskImages.Tests.Vmdk;

/// <summary>Makes seSparse extents of the layout that files of ESXi show: grains of 4 KiB, tables of 4096 entries.</summary>
internal sealed class SeSparseFileBuilder(long capacitySectors)
{
    public const int GrainBytes = 4096;
    public const int TableEntries = 4096;

    private const int Sector = 512;
    private const int DirectorySector = 8;

    private readonly SortedDictionary<long, byte[]> _grains = [];
    private readonly Dictionary<long, ulong> _entries = [];

    public Func<SeSparseHeader, SeSparseHeader> Header { get; set; } = header => header;

    public ulong ReplayJournal { get; set; }

    public Action<byte[]> Damage { get; set; } = _ => { };

    /// <summary>Gives a grain its bytes.</summary>
    public SeSparseFileBuilder Set(long grain, byte[] bytes)
    {
        _grains[grain] = bytes;
        return this;
    }

    /// <summary>Gives a grain an entry of the grain table.</summary>
    public SeSparseFileBuilder Set(long grain, ulong entry)
    {
        _entries[grain] = entry;
        return this;
    }

    /// <summary>Offset of an entry of the grain directory, which has as many tables as there are touched ones.</summary>
    public static int DirectoryEntry(int table) => (DirectorySector * Sector) + (table * 8);

    public byte[] Build(Random random)
    {
        var grainCount = ((capacitySectors * Sector) + GrainBytes - 1) / GrainBytes;
        var tables = (grainCount + TableEntries - 1) / TableEntries;
        var directorySectors = ((tables * 8) + Sector - 1) / Sector;
        var touched = _grains.Keys.Concat(_entries.Keys).Select(g => g / TableEntries).Distinct().ToArray();
        random.Shuffle(touched);
        var tablesSector = DirectorySector + directorySectors;
        var grainsSector = tablesSector + (touched.Length * 64);
        var order = _grains.Keys.ToArray();
        random.Shuffle(order);
        var bytes = new byte[(grainsSector * Sector) + ((long)order.Length * GrainBytes)];
        Header(new SeSparseHeader(
            SeSparseHeader.Version21, (ulong)capacitySectors, 8, 64, 0, 1, DirectorySector, (ulong)directorySectors, (ulong)tablesSector, (ulong)touched.Length * 64, (ulong)grainsSector, (ulong)capacitySectors)).Write(bytes);
        new SeSparseVolatileHeader(0, 0, ReplayJournal).Write(bytes.AsSpan(Sector));
        for (var i = 0; i < touched.Length; i++)
        {
            Write(bytes, DirectoryEntry((int)touched[i]), SeSparseDirectoryEntry.Of((uint)i).Value);
        }

        for (var i = 0; i < order.Length; i++)
        {
            _entries[order[i]] = SeSparseGrainEntry.Of((ulong)i).Value;
            _grains[order[i]].CopyTo(bytes.AsSpan((int)((grainsSector * Sector) + ((long)i * GrainBytes))));
        }

        foreach (var (grain, entry) in _entries)
        {
            var table = Array.IndexOf(touched, grain / TableEntries);
            Write(bytes, (int)((tablesSector + (table * 64)) * Sector) + (int)(grain % TableEntries * 8), entry);
        }

        Damage(bytes);
        return bytes;
    }

    private static void Write(byte[] bytes, int offset, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset), value);
}
