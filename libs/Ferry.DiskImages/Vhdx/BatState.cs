namespace Ferry.DiskImages.Vhdx;

/// <summary>State of a payload block (MS-VHDX 2.5.1.1).</summary>
internal enum BatState
{
    /// <summary>PAYLOAD_BLOCK_NOT_PRESENT: the parent's, or zero without a parent.</summary>
    NotPresent = 0,

    /// <summary>PAYLOAD_BLOCK_UNDEFINED: no defined content.</summary>
    Undefined = 1,

    /// <summary>PAYLOAD_BLOCK_ZERO.</summary>
    Zero = 2,

    /// <summary>PAYLOAD_BLOCK_UNMAPPED: trimmed by the guest.</summary>
    Unmapped = 3,

    /// <summary>PAYLOAD_BLOCK_FULLY_PRESENT.</summary>
    FullyPresent = 6,

    /// <summary>PAYLOAD_BLOCK_PARTIALLY_PRESENT: a sector bitmap says which sectors are the parent's.</summary>
    PartiallyPresent = 7,
}
