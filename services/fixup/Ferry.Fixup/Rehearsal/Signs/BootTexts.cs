using System.Text.RegularExpressions;

namespace Ferry.Fixup.Rehearsal.Signs;

/// <summary>The lines by which firmware, boot loaders, kernels and systems say how they start. All expressions run in time linear to the line, which a guest wrote.</summary>
internal static class BootTexts
{
    private static readonly (BootSignKind Kind, Regex Text)[] Signs =
    [
        .. Of(BootSignKind.KernelPanic, @"Kernel panic - not syncing"),
        .. Of(
            BootSignKind.InitramfsShell,
            @"^ALERT! .*Dropping to a shell",
            @"^\(initramfs\)",
            @"^dracut:/(root)?# ?$",
            @"Entering emergency mode\. Exit the shell to continue",
            @"^:: running emergency hook|^ERROR: Unable to find root device|^You are being dropped (in)?to (a recovery|an emergency) shell",
            @"^Could not find /dev/"),
        .. Of(
            BootSignKind.EmergencyShell,
            @"^You are in (emergency|rescue) mode",
            @"^Welcome to (emergency|rescue) mode",
            @"^Cannot open access to console, the root account is locked",
            @"^Give root password for (maintenance|login)",
            @"\*\*\* An error occurred during the file ?system check",
            @"RUN fsck MANUALLY"),
        .. Of(
            BootSignKind.StopCode,
            @"\*\*\* STOP: 0x[0-9A-Fa-f]{8}",
            "NAME=\"STOPCODE\""),
        .. Of(
            BootSignKind.BootLoader,
            @"^grub rescue> ?",
            @"^grub> ?$",
            @"^ *Minimal BASH-like line editing is supported",
            @"^GRUB (Loading .*)?(Geom|Hard Disk|Read) Error|^(Geom|Read|Hard Disk) Error$",
            @"^(BOOTMGR|NTLDR) is (missing|compressed)",
            @"^Status: 0xc0000[0-9a-f]{3}",
            @"^An operating system wasn't found",
            @"^(Missing operating system|Error loading operating system|Invalid partition table)\.?",
            @"^Remove disks or other media|^Non-System disk or disk error"),
        .. Of(
            BootSignKind.NoBootableDevice,
            @"^No bootable device",
            @"No bootable option or device was found",

            // OVMF's last boot entry is its own shell: it found nothing else.
            @"^(UEFI Interactive Shell|Shell> ?$)",
            @"^(Operating system not found|FATAL: No bootable medium found)"),
        .. Of(
            BootSignKind.LoginPrompt,

            // The kernel may write behind the prompt, on the same line.
            @"^[A-Za-z0-9][A-Za-z0-9._-]* (\([A-Za-z0-9/]+\) )?login: *(\[ *[0-9]+\.[0-9]+\] .*)?$",
            @"^EVENT: The CMD command is now available\."),
        .. Of(
            BootSignKind.SystemStarted,
            @"Reached target (multi-user\.target|graphical\.target|Multi-User System|Graphical Interface)",
            @"systemd\[1\]: Startup finished in ",
            @"^Cloud-init v\. [^ ]+ finished at "),
    ];

    private static readonly Regex[] Causes =
    [
        .. Expressions(
            @"ALERT!",
            @"Timed out waiting for device",
            @"Dependency failed for",
            @"Failed to mount",
            @"^\[FAILED\]",
            @"Gave up waiting for (root|suspend/resume)",
            @"Warning: .*does not exist",
            @"^(mount|fsck|dracut|systemd-fsck)[^:]*: .*(failed|error|unknown|wrong|can't|cannot|UNEXPECTED)",
            @"^error: ",
            @"VFS: (Cannot open root device|Unable to mount root)",
            @"Unable to find root|No root device|Run /init as init process failed",
            @"Boot failed|failed to (load|start) (Boot[0-9A-F]{4}|image)",
            @"^Windows failed to (start|load)"),
    ];

    private static readonly Regex Marked = Expressions(@"ALERT!|STOP: 0x|STOPCODE|not syncing: ").Single();
    private static readonly Regex Starved = Expressions(@"IO-APIC \+ timer doesn't work").Single();
    private static readonly Regex LastLogin = Expressions(@"^Last login: *$").Single();

    /// <summary>What a line says about the end of the start, or null.</summary>
    public static BootSign? Read(string line)
    {
        if (LastLogin.IsMatch(line))
        {
            return null;
        }

        foreach (var (kind, text) in Signs)
        {
            if (text.IsMatch(line))
            {
                return new BootSign(kind, line.Trim());
            }
        }

        return null;
    }

    /// <summary>Whether a line tells that an emulator did not get the processor in time; on real hardware, or with KVM, it would be the guest's or the machine's fault.</summary>
    public static bool IsOfTheEmulator(string line) => Starved.IsMatch(line);

    /// <summary>Whether a line tells why what follows goes wrong.</summary>
    public static bool IsCause(string line) => Array.Exists(Causes, cause => cause.IsMatch(line));

    /// <summary>Whether a line says it all, so that no line before it is wanted.</summary>
    public static bool IsOwnCause(string line) => Marked.IsMatch(line);

    private static IEnumerable<(BootSignKind Kind, Regex Text)> Of(BootSignKind kind, params string[] texts) => Expressions(texts).Select(text => (kind, text));

    private static IEnumerable<Regex> Expressions(params string[] texts) =>
        texts.Select(text => new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
}
