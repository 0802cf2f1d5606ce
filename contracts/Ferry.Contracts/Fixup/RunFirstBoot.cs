using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;

namespace Ferry.Contracts.Fixup;

/// <summary>Command to fixup: let the guest run what waits for its first boot, without network, until it has switched itself off. Works on overlays; the given manifests stay as they are.</summary>
public sealed record RunFirstBoot
{
    /// <summary>Id of the conversion.</summary>
    public required Guid ConversionId { get; init; }

    /// <summary>Attempt of the step, from 1.</summary>
    public required int Attempt { get; init; }

    /// <summary>Target platform.</summary>
    public required string Target { get; init; }

    /// <summary>The machine.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>What the fix-up found and changed.</summary>
    public required GuestReport Guest { get; init; }

    /// <summary>Root ids of the disks' manifests behind the fix-up, in the machine's order.</summary>
    public required IReadOnlyList<string> Manifests { get; init; }
}
