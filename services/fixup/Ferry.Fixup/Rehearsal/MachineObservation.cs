using Ferry.Fixup.Rehearsal.Consoles;
using Ferry.Fixup.Rehearsal.Screens;

namespace Ferry.Fixup.Rehearsal;

/// <summary>What was seen of a machine in a while.</summary>
internal sealed record MachineObservation
{
    /// <summary>Lines, by source in their order.</summary>
    public IReadOnlyList<ConsoleLine> Lines { get; init; } = [];

    /// <summary>The screen, when it shows a picture and was looked at.</summary>
    public ScreenPicture? Picture { get; init; }

    /// <summary>Whether the guest agent has answered.</summary>
    public bool AgentAnswered { get; init; }

    /// <summary>How often the guest, or a fault of it, restarted the machine.</summary>
    public int Restarts { get; init; }

    /// <summary>Whether the guest has switched the machine off.</summary>
    public bool PoweredOff { get; init; }

    /// <summary>Whether the guest has told the hypervisor of its crash.</summary>
    public bool Crashed { get; init; }

    /// <summary>Windows' stop code of that crash, when it came with one.</summary>
    public ulong? StopCode { get; init; }
}
