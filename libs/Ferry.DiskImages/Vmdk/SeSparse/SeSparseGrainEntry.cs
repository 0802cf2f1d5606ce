namespace Ferry.DiskImages.Vmdk.SeSparse;

/// <summary>
/// Entry of a grain table of an seSparse extent; 64 bits, little-endian. For the source of the layout see <see cref="SeSparseHeader"/>. The upper four bits
/// are the type; of a stored grain the other 60 are its number among the grains, its lowest 12 bits first (bits 48 to 59), the other 48 in bits 0 to 47.
/// </summary>
/// <param name="Value">The entry as stored.</param>
internal readonly record struct SeSparseGrainEntry(ulong Value)
{
    /// <summary>Size on disk.</summary>
    internal const int Size = 8;

    /// <summary>The grain was given back by the guest (SCSI UNMAP): it reads as zero, whatever the parent has.</summary>
    internal const ulong Unmapped = 0x10000000_00000000;

    /// <summary>The grain is zero.</summary>
    internal const ulong Zero = 0x20000000_00000000;

    private const ulong Stored = 0x30000000_00000000;
    private const ulong TypeMask = 0xf0000000_00000000;
    private const ulong LowMask = 0x0fff0000_00000000;
    private const ulong HighMask = 0x0000ffff_ffffffff;
    private const int LowShift = 48;
    private const int LowBits = 12;

    /// <summary>What the entry says; null when it is damaged.</summary>
    internal ExtentKind? Kind => (Value & TypeMask) switch
    {
        0 => Value == 0 ? ExtentKind.Unallocated : null,
        Unmapped or Zero => ExtentKind.Zero,
        Stored => ExtentKind.Data,
        _ => null,
    };

    /// <summary>Number of a stored grain.</summary>
    internal ulong Grain => ((Value & LowMask) >> LowShift) | ((Value & HighMask) << LowBits);

    /// <summary>The entry of a stored grain.</summary>
    internal static SeSparseGrainEntry Of(ulong grain) => new(Stored | ((grain << LowShift) & LowMask) | ((grain >> LowBits) & HighMask));
}
