namespace Ferry.DiskImages.Vmdk;

/// <summary>Where a grain of a sparse extent is.</summary>
/// <param name="Offset">Offset in the file in bytes, or one of the two negative values below.</param>
internal readonly record struct GrainPlace(long Offset)
{
    private const long AbsentValue = -1;
    private const long ZeroValue = -2;

    /// <summary>The extent has nothing for the grain: it is the parent's, or zero where there is no parent.</summary>
    internal static GrainPlace Absent => new(AbsentValue);

    /// <summary>The grain is zero, whatever the parent has.</summary>
    internal static GrainPlace Zero => new(ZeroValue);

    /// <summary>Whether the grain is in the file.</summary>
    internal bool IsStored => Offset >= 0;

    /// <summary>What the extent alone says of the grain.</summary>
    internal ExtentKind Kind => Offset switch
    {
        AbsentValue => ExtentKind.Unallocated,
        ZeroValue => ExtentKind.Zero,
        _ => ExtentKind.Data,
    };

    /// <summary>Whether the grain can be read together with the one before it.</summary>
    internal bool Follows(GrainPlace previous, long grainBytes) => IsStored ? previous.IsStored && Offset == previous.Offset + grainBytes : this == previous;
}
