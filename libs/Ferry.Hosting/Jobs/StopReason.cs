namespace Ferry.Hosting.Jobs;

/// <summary>Why a running job was told to stop.</summary>
internal enum StopReason
{
    /// <summary>It was not.</summary>
    None,

    /// <summary>It should be suspended.</summary>
    Suspend,

    /// <summary>It should end as cancelled.</summary>
    Cancel,

    /// <summary>The process stops; another goes on.</summary>
    Shutdown,

    /// <summary>Another worker has it, or may soon: nothing more is written.</summary>
    LeaseLost,
}
