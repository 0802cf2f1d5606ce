namespace Ferry.Transfer.Jobs;

/// <summary>Why a running transfer job was told to stop.</summary>
internal enum RunStop
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>Its owner has suspended it.</summary>
    Suspended,

    /// <summary>Its owner has cancelled it.</summary>
    Cancelled,

    /// <summary>A bandwidth window has closed.</summary>
    Parked,
}
