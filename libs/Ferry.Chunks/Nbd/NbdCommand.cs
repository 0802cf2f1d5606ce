namespace Ferry.Chunks.Nbd;

/// <summary>What a client asks of the disk.</summary>
public enum NbdCommand
{
    /// <summary>Read a range.</summary>
    Read = 0,

    /// <summary>Write a range.</summary>
    Write = 1,

    /// <summary>Disconnect.</summary>
    Disconnect = 2,

    /// <summary>Complete earlier writes.</summary>
    Flush = 3,

    /// <summary>A range is no longer needed.</summary>
    Trim = 4,

    /// <summary>Make a range zero.</summary>
    WriteZeroes = 6,

    /// <summary>Tell what is allocated.</summary>
    BlockStatus = 7,
}
