namespace Ferry.Contracts.Library;

/// <summary>What a machine in the library is.</summary>
public enum LibraryMachineKind
{
    /// <summary>A machine as it was at its source.</summary>
    Source,

    /// <summary>A machine that a conversion has made.</summary>
    Converted,
}
