namespace Ferry.Transfer.Library;

/// <summary>What is going on with a name of the library.</summary>
public enum LibraryEntryState
{
    /// <summary>Capture is asked for the source's files.</summary>
    Listing,

    /// <summary>The transfer job of the same id moves them, and has the say from here on.</summary>
    Transferring,

    /// <summary>The source cannot be added.</summary>
    Refused,

    /// <summary>The orchestrator is asked whether a conversion reads the machine.</summary>
    Removing,

    /// <summary>A conversion reads it: it stays.</summary>
    RemovalRefused,
}
