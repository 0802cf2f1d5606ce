namespace Ferry.Contracts.Capture;

/// <summary>Command to capture: describe the machine and make one manifest per disk.</summary>
public sealed record CaptureMachine
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>The source as the request names it.</summary>
    public required string Source { get; init; }

    /// <summary>Format of a bare disk image, or null to detect.</summary>
    public string? SourceFormat { get; init; }

    /// <summary>Whether all blocks are moved, also those that no file system of the guest uses.</summary>
    public bool AllBlocks { get; init; }
}
