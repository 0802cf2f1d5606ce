using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;

namespace Ferry.Contracts.Fixup;

/// <summary>Command to fixup: start the machine on throw-away overlays, without network, and see how that ends. The given manifests stay as they are.</summary>
public sealed record RehearseBoot
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Target platform.</summary>
    public required string Target { get; init; }

    /// <summary>The machine.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>What the fix-up found and changed, or null.</summary>
    public GuestReport? Guest { get; init; }

    /// <summary>Root ids of the disks' manifests, in the machine's order.</summary>
    public required IReadOnlyList<string> Manifests { get; init; }

    /// <summary>Whether it is an error when the machine cannot be started here at all; else that is a finding.</summary>
    public bool Required { get; init; }
}
