namespace Ferry.DiskImages.Vmdk;

/// <summary>What the header of a sparse extent with 32-bit tables says of them; sizes in bytes, offsets in the file. Checked as far as they do not need the file.</summary>
/// <param name="Capacity">Size of the extent.</param>
/// <param name="GrainBytes">Size of a grain.</param>
/// <param name="TableEntries">Grains that one table describes.</param>
/// <param name="DirectoryOffset">Where the directory stands.</param>
/// <param name="RedundantOffset">Where the second directory, which has tables of its own, stands; null: there is none.</param>
/// <param name="Headers">Where headers and descriptor stand.</param>
/// <param name="ZeroedGrains">Whether an entry of 1 means a grain of zeros.</param>
internal sealed record GrainDirectoryLayout(long Capacity, long GrainBytes, uint TableEntries, long DirectoryOffset, long? RedundantOffset, IReadOnlyList<DiskRange> Headers, bool ZeroedGrains)
{
    /// <summary>Number of grains that cover the extent.</summary>
    internal long GrainCount => DivideUp(Capacity, GrainBytes);

    /// <summary>Number of tables that cover the extent.</summary>
    internal long TableCount => DivideUp(GrainCount, TableEntries);

    private static long DivideUp(long value, long divisor) => (value / divisor) + (value % divisor == 0 ? 0 : 1);
}
