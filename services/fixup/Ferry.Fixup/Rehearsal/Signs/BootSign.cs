namespace Ferry.Fixup.Rehearsal.Signs;

/// <summary>Something that decides how a start ends.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Quote">The line that shows it.</param>
internal sealed record BootSign(BootSignKind Kind, string Quote)
{
    /// <summary>Whether the system has started.</summary>
    public bool IsStarted => Kind is BootSignKind.LoginPrompt or BootSignKind.SystemStarted or BootSignKind.GuestAgent;

    /// <summary>Whether the start has failed; neither this nor <see cref="IsStarted"/>: nobody can tell.</summary>
    public bool IsFailure => !IsStarted && Kind != BootSignKind.PoweredOff;

    /// <summary>The kind as reports show it.</summary>
    public static string NameOf(BootSignKind kind) => kind switch
    {
        BootSignKind.LoginPrompt => "login-prompt",
        BootSignKind.SystemStarted => "system-started",
        BootSignKind.GuestAgent => "guest-agent",
        BootSignKind.PoweredOff => "powered-off",
        BootSignKind.KernelPanic => "kernel-panic",
        BootSignKind.InitramfsShell => "initramfs-shell",
        BootSignKind.EmergencyShell => "emergency-shell",
        BootSignKind.StopCode => "stop-code",
        BootSignKind.StopScreen => "stop-screen",
        BootSignKind.BootLoader => "boot-loader",
        BootSignKind.NoBootableDevice => "no-bootable-device",
        BootSignKind.BootLoop => "boot-loop",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind."),
    };
}
