namespace Ferry.DiskImages.Vdi;

/// <summary>Entry of the block map: the number of a block's place in the file, counted from the start of the data.</summary>
/// <param name="Value">Offset 0: the entry as stored, little-endian.</param>
internal readonly record struct VdiBlockPointer(uint Value)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 4;

    /// <summary>The block was never written; what it reads as is left open, VirtualBox and QEMU give zeros.</summary>
    internal const uint Free = 0xffffffff;

    /// <summary>The block reads as zero and has no place.</summary>
    internal const uint Zero = 0xfffffffe;

    /// <summary>What the entry says.</summary>
    internal ExtentKind Kind => Value switch
    {
        Free => ExtentKind.Unallocated,
        Zero => ExtentKind.Zero,
        _ => ExtentKind.Data,
    };
}
