namespace Ferry.Fixup.Rehearsal.Qemu;

/// <summary>Paths of the Unix sockets that QEMU connects to.</summary>
/// <param name="Folder">The folder.</param>
internal sealed record QemuSockets(string Folder)
{
    /// <summary>The control protocol (QMP).</summary>
    public string Control => Path.Combine(Folder, "control");

    /// <summary>The first serial port.</summary>
    public string Serial => Path.Combine(Folder, "serial");

    /// <summary>SeaBIOS' log.</summary>
    public string Firmware => Path.Combine(Folder, "firmware");

    /// <summary>The guest agent.</summary>
    public string Agent => Path.Combine(Folder, "agent");
}
