namespace Ferry.Transfer.Jobs;

/// <summary>A machine that a transfer job brings into the library.</summary>
public sealed class TransferMachine
{
    /// <summary>Its name in the library.</summary>
    public required string Name { get; set; }

    /// <summary>Where it comes from, as it may be shown.</summary>
    public required string Source { get; set; }

    /// <summary>Name of the file that it begins with.</summary>
    public required string Descriptor { get; set; }

    /// <summary>Format of a bare disk image that does not tell it itself, or null.</summary>
    public string? Format { get; set; }
}
