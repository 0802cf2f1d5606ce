using Ferry.Fixup.Appliance;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Engine;

/// <summary>One run of the engine over one machine's disks.</summary>
public sealed record FixupRequest
{
    /// <summary>Where the guest goes, with the machine.</summary>
    public required FixupTarget Target { get; init; }

    /// <summary>The machine's disks, in order; to be changed they must be attached writable.</summary>
    public required IReadOnlyList<ApplianceDisk> Disks { get; init; }

    /// <summary>Private folder for temporary files; the caller removes it.</summary>
    public required string Scratch { get; init; }

    /// <summary>Whether the plan is carried out, or only made.</summary>
    public required bool Apply { get; init; }

    /// <summary>Hears what is being done.</summary>
    public IProgress<string>? Activity { get; init; }

    /// <summary>Is called at named points: <c>launched</c>, <c>applied</c>.</summary>
    public Action<string>? Passed { get; init; }
}
