using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;

namespace Ferry.Contracts.Conversion;

/// <summary>Command to conversion: write the target's VM definition and move everything from staging into the output folder at once.</summary>
public sealed record PublishMachine
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Target platform.</summary>
    public required string Target { get; init; }

    /// <summary>Hyper-V generation that was asked for, or null.</summary>
    public int? Generation { get; init; }

    /// <summary>The machine.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>The guest as the fix-up found and changed it, or null when there was no fix-up.</summary>
    public GuestReport? Guest { get; init; }

    /// <summary>The converted disks, in the machine's order.</summary>
    public required IReadOnlyList<DiskReport> Disks { get; init; }

    /// <summary>Output folder of the conversion, or <c>library:NAME</c>.</summary>
    public required string Output { get; init; }

    /// <summary>The report as of now, for a machine that appears in the library; else null, and the report follows.</summary>
    public ConversionReport? Report { get; init; }
}
