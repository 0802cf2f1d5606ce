namespace Ferry.Fixup.Rehearsal;

/// <summary>A machine could not be started, or broke off in a way that says nothing of its guest.</summary>
public sealed class RehearsalException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>QEMU is not there or does not start.</summary>
    public const string NotStarted = "REHEARSAL_NOT_STARTED";

    /// <summary>The machine needs UEFI and its files are not there.</summary>
    public const string NoFirmware = "REHEARSAL_NO_FIRMWARE";

    /// <summary>QEMU ended or answered nonsense.</summary>
    public const string Broken = "REHEARSAL_BROKEN";

    /// <summary>Which of the above.</summary>
    public string Code { get; } = code;

    /// <summary>What to do.</summary>
    public string Remedy => Code switch
    {
        NotStarted => "Install qemu-system-x86 on the worker and give it the machine's memory (Fixup:Rehearsal:MemoryMiB at most); or convert without --rehearse.",
        NoFirmware => "Install ovmf on the worker, or name its folder in Fixup:Rehearsal:FirmwareFolders; or convert without --rehearse.",
        _ => "See the worker's log; convert again, or without --rehearse.",
    };
}
