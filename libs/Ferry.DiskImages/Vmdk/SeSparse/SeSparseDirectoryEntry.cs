namespace Ferry.DiskImages.Vmdk.SeSparse;

/// <summary>Entry of the grain directory of an seSparse extent; 64 bits, little-endian. For the source of the layout see <see cref="SeSparseHeader"/>.</summary>
/// <param name="Value">0: there is no table. Else 0x10000000 in the upper half and the number of the table in the lower one.</param>
internal readonly record struct SeSparseDirectoryEntry(ulong Value)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 8;

    private const ulong Allocated = 0x10000000_00000000;
    private const ulong UpperHalf = 0xffffffff_00000000;

    /// <summary>Whether there is no table.</summary>
    internal bool IsEmpty => Value == 0;

    /// <summary>Number of the table, or null when the entry is damaged.</summary>
    internal uint? Table => (Value & UpperHalf) == Allocated ? (uint)Value : null;

    /// <summary>The entry of a table.</summary>
    internal static SeSparseDirectoryEntry Of(uint table) => new(Allocated | table);
}
