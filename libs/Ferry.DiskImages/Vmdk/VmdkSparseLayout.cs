using Ferry.DiskImages.Metadata;

namespace Ferry.DiskImages.Vmdk;

/// <summary>
/// Where everything stands in a monolithicSparse file that Ferry writes ("Virtual Disk Format 5.0", section "Hosted Sparse Extents"): header, descriptor, the
/// redundant grain directory with all its tables, the grain directory with all its tables, a sector for Ferry's record, grains.
/// </summary>
/// <param name="Capacity">Size of the disk in bytes.</param>
/// <param name="GrainSize">Bytes per grain.</param>
/// <param name="DiskId">Identity of the disk.</param>
/// <param name="FileName">Name of the file.</param>
internal sealed record VmdkSparseLayout(long Capacity, int GrainSize, Guid DiskId, string FileName)
{
    /// <summary>Sectors of the descriptor, as VMware's and other programs leave.</summary>
    internal const int DescriptorSectors = 20;

    /// <summary>Entries of a grain table; every program wants this number.</summary>
    internal const int TableEntries = 512;

    /// <summary>First sector of the descriptor.</summary>
    internal const int DescriptorSector = 1;

    private const int DefaultGrainSize = 64 * 1024;
    private const int MinimumGrainSize = 4096;
    private const int EntrySize = sizeof(uint);
    private const int TableSectors = TableEntries * EntrySize / SourceBounds.Sector;
    private const int RedundantDirectorySector = DescriptorSector + DescriptorSectors;
    private const long MaximumCapacity = 62L << 40;

    /// <summary>Grains that cover the disk.</summary>
    internal long GrainCount => (Capacity + GrainSize - 1) / GrainSize;

    /// <summary>Offset of Ferry's record, in the last sector before the grains.</summary>
    internal long RecordOffset => PayloadOffset - SourceBounds.Sector;

    /// <summary>Offset of the first grain; as all others a multiple of the grain size.</summary>
    internal long PayloadOffset => ((DirectorySector + Metadata + 1) * SourceBounds.Sector) + GrainSize - 1 & -(long)GrainSize;

    /// <summary>Offsets of the first entry of the first table of both directories; the tables of each follow each other like one table of all grains.</summary>
    internal long[] TableOffsets => [(RedundantDirectorySector + DirectorySectors) * SourceBounds.Sector, (DirectorySector + DirectorySectors) * SourceBounds.Sector];

    private long TableCount => (GrainCount + TableEntries - 1) / TableEntries;

    private long DirectorySectors => ((TableCount * EntrySize) + SourceBounds.Sector - 1) / SourceBounds.Sector;

    /// <summary>Sectors of one directory with its tables.</summary>
    private long Metadata => DirectorySectors + (TableCount * TableSectors);

    private long DirectorySector => RedundantDirectorySector + Metadata;

    /// <summary>Checks the sizes of a plan and lays the file out.</summary>
    /// <exception cref="ArgumentException">The format does not allow the sizes or the name.</exception>
    internal static VmdkSparseLayout Create(string path, DiskImagePlan plan)
    {
        RequireSizes(plan);
        var grainSize = plan.BlockSize == 0 ? DefaultGrainSize : plan.BlockSize;
        return int.IsPow2(grainSize) && grainSize is >= MinimumGrainSize and <= DefaultGrainSize
            ? new VmdkSparseLayout(plan.Capacity, grainSize, plan.DiskId, Path.GetFileName(path))
            : throw new ArgumentException($"A VMDK grain is a power of 2 from 4 KiB to 64 KiB, not {grainSize} bytes.", nameof(plan));
    }

    /// <summary>Checks what holds for every VMDK.</summary>
    /// <exception cref="ArgumentException">The format does not allow the sizes.</exception>
    internal static void RequireSizes(DiskImagePlan plan)
    {
        if (plan.LogicalSectorSize != SourceBounds.Sector)
        {
            throw new ArgumentException($"A VMDK has sectors of 512 bytes, the disk has {plan.LogicalSectorSize}; choose vhdx or raw.", nameof(plan));
        }

        if (plan.Capacity is <= 0 or > MaximumCapacity || plan.Capacity % SourceBounds.Sector != 0)
        {
            throw new ArgumentException($"A VMDK has up to 62 TiB in whole sectors, not {plan.Capacity} bytes.", nameof(plan));
        }
    }

    /// <summary>Offset in the file of a slot.</summary>
    internal long OffsetOf(long slot) => PayloadOffset + (slot * GrainSize);

    /// <summary>The entry of a grain: its sector.</summary>
    internal uint EntryOf(long slot) => slot < 0 ? GrainDirectory.NotAllocated : (uint)(OffsetOf(slot) / SourceBounds.Sector);

    /// <summary>The slot that an entry names, or -1; null when it names no place of a grain.</summary>
    internal long? SlotOf(uint entry)
    {
        var offset = ((long)entry * SourceBounds.Sector) - PayloadOffset;
        return entry == GrainDirectory.NotAllocated ? -1 : offset >= 0 && offset % GrainSize == 0 ? offset / GrainSize : null;
    }

    /// <summary>Whether so many grains can be addressed: a sector number has 32 bits.</summary>
    internal bool HasRoomFor(long slots) => OffsetOf(slots) / SourceBounds.Sector <= uint.MaxValue;

    /// <summary>The header of the complete file.</summary>
    internal SparseExtentHeader Header() => new(
        Version: 1,
        SparseExtentFlags.ValidLineEnds | SparseExtentFlags.RedundantDirectory,
        (ulong)(Capacity / SourceBounds.Sector),
        (ulong)(GrainSize / SourceBounds.Sector),
        DescriptorSector,
        DescriptorSectors,
        TableEntries,
        RedundantDirectorySector,
        (ulong)DirectorySector,
        (ulong)(PayloadOffset / SourceBounds.Sector),
        CompressAlgorithm: 0);

    /// <summary>The descriptor, filled up with zeros to its place.</summary>
    /// <param name="digest">Digest of the plan or delta that was last written, or null.</param>
    /// <param name="contentId">What the image holds, or null.</param>
    internal byte[] Descriptor(string? digest, string? contentId)
    {
        var bytes = new byte[DescriptorSectors * SourceBounds.Sector];
        var extent = $"SPARSE {VmdkDescriptorText.Quote(FileName)}";
        new VmdkDescriptorText("monolithicSparse", Capacity, extent, new VmdkWriting(DiskId, digest, contentId)).ToBytes().CopyTo(bytes, 0);
        return bytes;
    }

    /// <summary>Both directories: where they stand and the sectors of their tables.</summary>
    internal IEnumerable<(long Offset, byte[] Entries)> Directories()
    {
        foreach (var sector in new[] { RedundantDirectorySector, DirectorySector })
        {
            var bytes = new byte[DirectorySectors * SourceBounds.Sector];
            for (long table = 0; table < TableCount; table++)
            {
                var place = (uint)(sector + DirectorySectors + (table * TableSectors));
                System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan((int)(table * EntrySize)), place);
            }

            yield return (sector * SourceBounds.Sector, bytes);
        }
    }
}
