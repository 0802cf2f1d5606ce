namespace Ferry.DiskImages.Vhdx;

/// <summary>Entry of the block allocation table (MS-VHDX 2.5.1): 64 bits, state in bits 0-2, offset in MiB in bits 20-63.</summary>
/// <param name="Value">The bits.</param>
internal readonly record struct BatEntry(ulong Value)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 8;

    private const ulong OffsetMask = ~((1UL << 20) - 1);
    private const ulong StateMask = 7;

    /// <summary>What the entry says about its block.</summary>
    internal BatState State => (BatState)(Value & StateMask);

    /// <summary>Where the block stands in the file, in bytes.</summary>
    internal ulong FileOffset => Value & OffsetMask;

    /// <summary>The entry of a block that is all there.</summary>
    internal static BatEntry Present(long fileOffset) => new((ulong)fileOffset | (ulong)BatState.FullyPresent);
}
