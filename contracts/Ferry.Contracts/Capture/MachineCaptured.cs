using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;

namespace Ferry.Contracts.Capture;

/// <summary>Event of capture: the machine is described, every disk has a manifest.</summary>
public sealed record MachineCaptured
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step.</summary>
    public required int Attempt { get; init; }

    /// <summary>Lease epoch of the worker that finished.</summary>
    public required long Epoch { get; init; }

    /// <summary>The machine.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>One manifest per disk, in the machine's order.</summary>
    public required IReadOnlyList<DiskCapture> Disks { get; init; }

    /// <summary>What the operator should know of the source.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Bytes read (metadata) and found zero.</summary>
    public required ByteCounts Bytes { get; init; }
}
