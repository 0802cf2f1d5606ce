using System.Buffers.Binary;
using Ferry.DiskImages.Vmdk.Cowd;

namespace Ferry.DiskImages.Tests.Vmdk;

/// <summary>Makes COWD extents by "VMware Virtual Disk Format 5.0", section "ESX Server Sparse Extents".</summary>
internal sealed class CowdFileBuilder(long capacitySectors, uint grainSectors)
{
    private const int Sector = 512;
    private const uint DirectorySector = 4;

    private readonly SortedDictionary<long, byte[]> _grains = [];

    public uint Version { get; set; } = 1;

    public uint? DirectoryEntries { get; set; }

    public uint DirectoryOffset { get; set; } = DirectorySector;

    public uint? GrainSectors { get; set; }

    public uint? CapacitySectors { get; set; }

    /// <summary>Gives a grain its bytes.</summary>
    public CowdFileBuilder Set(long grain, byte[] bytes)
    {
        _grains[grain] = bytes;
        return this;
    }

    /// <summary>The file; grains stand in an order of their own.</summary>
    public byte[] Build(Random random)
    {
        var grainCount = (capacitySectors + grainSectors - 1) / grainSectors;
        var tables = (uint)((grainCount + CowdHeader.TableEntries - 1) / CowdHeader.TableEntries);
        var file = new List<byte>(new byte[(DirectorySector * Sector) + RoundUp(tables * 4)]);
        var tableSectors = new Dictionary<long, int>();
        foreach (var table in _grains.Keys.Select(g => g / CowdHeader.TableEntries).Distinct())
        {
            tableSectors[table] = file.Count / Sector;
            file.AddRange(new byte[CowdHeader.TableEntries * 4]);
        }

        var order = _grains.Keys.ToArray();
        random.Shuffle(order);
        var grainPlaces = new Dictionary<long, int>();
        foreach (var grain in order)
        {
            grainPlaces[grain] = file.Count / Sector;
            file.AddRange(_grains[grain]);
            file.AddRange(new byte[(grainSectors * Sector) - _grains[grain].Length]);
        }

        var bytes = file.ToArray();
        new CowdHeader(
            Version, 3, CapacitySectors ?? (uint)capacitySectors, GrainSectors ?? grainSectors, DirectoryOffset, DirectoryEntries ?? tables, (uint)(bytes.Length / Sector)).Write(bytes);
        foreach (var (table, sector) in tableSectors)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan((int)((DirectorySector * Sector) + (table * 4))), sector);
        }

        foreach (var (grain, sector) in grainPlaces)
        {
            var table = tableSectors[grain / CowdHeader.TableEntries];
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan((int)((table * Sector) + (grain % CowdHeader.TableEntries * 4))), sector);
        }

        return bytes;
    }

    private static int RoundUp(uint value) => (int)((value + Sector - 1) / Sector * Sector);
}
