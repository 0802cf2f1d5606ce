using Ferry.Contracts.Machines;

namespace Ferry.Contracts.Fixup;

/// <summary>Command to fixup: make the guest boot on the target. Works on overlays; the given manifests stay as they are.</summary>
public sealed record FixUpGuest
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

    /// <summary>Names of the scripts that the guest runs at its first start, in order.</summary>
    public IReadOnlyList<string> FirstBoot { get; init; } = [];

    /// <summary>Root ids of the disks' manifests, in the machine's order.</summary>
    public required IReadOnlyList<string> Manifests { get; init; }
}
