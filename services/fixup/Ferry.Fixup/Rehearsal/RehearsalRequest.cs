using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Rehearsal.Models;

namespace Ferry.Fixup.Rehearsal;

/// <summary>One machine to watch at its start.</summary>
internal sealed record RehearsalRequest
{
    /// <summary>The machine.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>Its devices.</summary>
    public required DeviceModel Model { get; init; }

    /// <summary>What the fix-up found, or null.</summary>
    public GuestReport? Guest { get; init; }

    /// <summary>Unix sockets of its disks' NBD servers, in order.</summary>
    public required IReadOnlyList<string> Disks { get; init; }

    /// <summary>Private folder; the caller removes it.</summary>
    public required string Scratch { get; init; }

    /// <summary>Whether it runs its first boot, after which it switches itself off: watched until then instead of until it has started.</summary>
    public bool FirstBoot { get; init; }

    /// <summary>Hears what is being done.</summary>
    public IProgress<string>? Activity { get; init; }

    /// <summary>Is called at named points: <c>started</c>, <c>ended</c>.</summary>
    public Action<string>? Passed { get; init; }
}
