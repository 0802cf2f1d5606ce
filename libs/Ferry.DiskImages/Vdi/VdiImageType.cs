namespace Ferry.DiskImages.Vdi;

/// <summary>Type of an image (<see cref="VdiHeader.Type"/>).</summary>
internal enum VdiImageType : uint
{
    /// <summary>Blocks take space when they hold data.</summary>
    Dynamic = 1,

    /// <summary>Every block has its place.</summary>
    Fixed = 2,

    /// <summary>Undo log of a writethrough disk; holds only changes.</summary>
    Undo = 3,

    /// <summary>Snapshot; holds only changes.</summary>
    Differencing = 4,
}
