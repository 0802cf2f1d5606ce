namespace Ferry.Contracts.Conversions;

/// <summary>How a machine started before the move, and what was seen of it. Lines are the guest's own words.</summary>
public sealed record RehearsalReport
{
    /// <summary><c>booted</c>, <c>panicked</c> or <c>unknown</c>.</summary>
    public required string Verdict { get; init; }

    /// <summary>What decided: <c>login-prompt</c>, <c>system-started</c>, <c>guest-agent</c>; <c>kernel-panic</c>, <c>initramfs-shell</c>, <c>emergency-shell</c>, <c>stop-code</c>, <c>stop-screen</c>, <c>boot-loader</c>, <c>no-bootable-device</c>, <c>boot-loop</c>; <c>powered-off</c>; null when the time was up.</summary>
    public string? Sign { get; init; }

    /// <summary>The line that shows it; when the time was up the last that was seen, which may be empty.</summary>
    public required string Quote { get; init; }

    /// <summary>An earlier line that tells why, or null.</summary>
    public string? Cause { get; init; }

    /// <summary>Seconds from the start to the verdict.</summary>
    public required double Seconds { get; init; }

    /// <summary>What ran the processors: <c>kvm</c> or <c>tcg</c> (emulation, many times slower than the target).</summary>
    public required string Acceleration { get; init; }

    /// <summary>The devices in a few words.</summary>
    public required string Machine { get; init; }

    /// <summary>What was not as it will be at the target.</summary>
    public required IReadOnlyList<string> Differences { get; init; }

    /// <summary>Units that did not start, as the console named them; at most 20.</summary>
    public required IReadOnlyList<string> FailedUnits { get; init; }

    /// <summary>The last lines of the serial console; at most 60.</summary>
    public required IReadOnlyList<string> SerialLines { get; init; }

    /// <summary>Root id of a manifest that holds the last screen (PNG), or null.</summary>
    public string? ScreenManifest { get; init; }

    /// <summary>Length of that picture in bytes; the manifest's disk ends behind it with zeros.</summary>
    public int ScreenBytes { get; init; }
}
