namespace Ferry.Fixup.Rehearsal.Signs;

/// <summary>What a sign of a starting machine says. The names on the wire stand in <see cref="BootSign.NameOf"/>.</summary>
internal enum BootSignKind
{
    /// <summary>Somebody may log in.</summary>
    LoginPrompt,

    /// <summary>The service manager has reached its aim.</summary>
    SystemStarted,

    /// <summary>The guest agent answers.</summary>
    GuestAgent,

    /// <summary>The guest has switched the machine off.</summary>
    PoweredOff,

    /// <summary>The kernel gave up.</summary>
    KernelPanic,

    /// <summary>The initial RAM disk did not find the root and started its shell.</summary>
    InitramfsShell,

    /// <summary>The system asks for repair: systemd's or init's emergency or rescue shell.</summary>
    EmergencyShell,

    /// <summary>Windows stopped and said why.</summary>
    StopCode,

    /// <summary>The screen looks like Windows' stop screen.</summary>
    StopScreen,

    /// <summary>The boot loader cannot go on.</summary>
    BootLoader,

    /// <summary>The firmware found nothing to start.</summary>
    NoBootableDevice,

    /// <summary>The machine starts again and again.</summary>
    BootLoop,
}
