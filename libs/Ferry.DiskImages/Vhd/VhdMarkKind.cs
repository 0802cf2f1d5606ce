namespace Ferry.DiskImages.Vhd;

/// <summary>What Ferry was doing with an image.</summary>
internal enum VhdMarkKind
{
    /// <summary>Writing it by a plan.</summary>
    Plan = 1,

    /// <summary>Writing it in one pass.</summary>
    Conversion = 2,

    /// <summary>Changing a complete image.</summary>
    Delta = 3,
}
