namespace Ferry.Contracts.Library;

/// <summary>State of a machine in the library.</summary>
public enum LibraryMachineState
{
    /// <summary>Its source is asked which files it needs.</summary>
    Listing,

    /// <summary>Its files are being moved by the transfer job of the same id.</summary>
    Transferring,

    /// <summary>It could not be added; the failure says why.</summary>
    Failed,

    /// <summary>It is complete and in its folder.</summary>
    Ready,

    /// <summary>It is complete, and is being removed as soon as it is known that no conversion reads it.</summary>
    Removing,
}
