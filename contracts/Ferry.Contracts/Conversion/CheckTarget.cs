using Ferry.Contracts.Machines;

namespace Ferry.Contracts.Conversion;

/// <summary>Command to conversion, before any bytes are moved: can the target take the machine, and has the output folder room for its names?</summary>
public sealed record CheckTarget
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Target platform.</summary>
    public required string Target { get; init; }

    /// <summary>Image format that was asked for, or null.</summary>
    public string? Format { get; init; }

    /// <summary>Hyper-V generation that was asked for, or null.</summary>
    public int? Generation { get; init; }

    /// <summary>The machine, with the name it gets.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>Output folder of the conversion, or <c>library:NAME</c>.</summary>
    public required string Output { get; init; }
}
