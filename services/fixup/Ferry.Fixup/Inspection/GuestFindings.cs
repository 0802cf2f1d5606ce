using Ferry.Contracts;
using Ferry.Hives;

namespace Ferry.Fixup.Inspection;

/// <summary>Every finding that fixup can give, with its stable id and the remedy.</summary>
public static class GuestFindings
{
    /// <summary>No system was recognised.</summary>
    public static Finding Unknown(string seen) => Error("GUEST_UNKNOWN", $"No operating system was recognised on the disks ({seen}).", "Convert with --no-fixup if the guest needs no change, or add the disk with the system.");

    /// <summary>A system that no rule handles.</summary>
    public static Finding NotHandled(string system, string target) => Error("GUEST_NOT_HANDLED", $"{system} is not made ready for {target} by this version.", "Prepare the guest by hand and convert with --no-fixup.");

    /// <summary>More than one system.</summary>
    public static Finding SeveralRoots(string devices) => Error("GUEST_SEVERAL_ROOTS", $"More than one operating system was found: {devices}.", "Convert a machine with one system, or with --no-fixup.");

    /// <summary>Encrypted.</summary>
    public static Finding Encrypted(string device, string kind) => Error("GUEST_ENCRYPTED", $"{device} is encrypted ({kind}).", "Decrypt it in the guest first, or convert with --no-fixup.");

    /// <summary>Cannot be mounted, or is damaged.</summary>
    public static Finding Dirty(string device, string why) => Error("GUEST_FS_DIRTY", $"The file system on {device} cannot be used as it is: {why}", "Start the source, let it check its file systems, shut it down cleanly and convert again.");

    /// <summary>Hibernated.</summary>
    public static Finding Hibernated(string device) => Error("GUEST_HIBERNATED", $"The system on {device} is hibernated or was shut down with fast startup.", "Start the source, run 'powercfg /h off' and 'shutdown /s /t 0', convert again.");

    /// <summary>Firmware does not fit.</summary>
    public static Finding FirmwareMismatch(FindingSeverity severity, string what) =>
        new() { Id = "FIRMWARE_MISMATCH", Severity = severity, Message = what, Remedy = "Choose the generation that fits the guest: 1 for BIOS, 2 for UEFI." };

    /// <summary>A kernel without the target's drivers.</summary>
    public static Finding KernelWithoutDrivers(FindingSeverity severity, string platform, string kernel, string modules) => new()
    {
        Id = platform == "kvm" ? "KERNEL_NO_VIRTIO" : "KERNEL_NO_HYPERV",
        Severity = severity,
        Message = $"Kernel {kernel} does not have {modules}.",
        Remedy = $"Install a kernel that has the {(platform == "kvm" ? "virtio" : "Hyper-V")} drivers, make it the default, and convert again.",
    };

    /// <summary>An initial RAM disk that cannot be extended.</summary>
    public static Finding InitrdNotPatchable(string path, string why) => Error("INITRD_NOT_PATCHABLE", $"{path} cannot be extended: {why}", "Rebuild it in the guest with the target's drivers and convert again.");

    /// <summary>A file that is needed cannot be understood.</summary>
    public static Finding FileUnusable(string what) => Error("GUEST_FILE_UNUSABLE", what, "Repair the file in the guest and convert again.");

    /// <summary>Too little free space.</summary>
    public static Finding NoSpace(string path, long needed, long free) => Error("GUEST_NO_SPACE", $"{path} needs {needed / 1024} KiB more and {free / 1024} KiB are free.", "Remove old kernels or enlarge the file system in the guest.");

    /// <summary>A device name that leads nowhere.</summary>
    public static Finding DeviceUnresolved(FindingSeverity severity, string file, string device, string why) =>
        new() { Id = "GUEST_DEVICE_UNRESOLVED", Severity = severity, Message = $"{file} names {device}, {why}.", Remedy = "Use UUID= in the guest, or add the missing disk." };

    /// <summary>NIC names that cannot be matched with adapters.</summary>
    public static Finding NicAmbiguous(string what) => Warning("GUEST_NIC_AMBIGUOUS", what, "Check the network configuration after the first start, or pin the names by MAC address in the guest.");

    /// <summary>Guest tools of the source stay.</summary>
    public static Finding ToolsHarmless() => new() { Id = "GUEST_VMWARE_TOOLS", Severity = FindingSeverity.Information, Message = "open-vm-tools is installed; its service starts on VMware only, so it stays and is harmless.", Remedy = "Remove the package in the guest when it is no longer needed." };

    /// <summary>Tools of the source that were installed without a package.</summary>
    public static Finding ToolsFromArchive() => new() { Id = "GUEST_VMWARE_TOOLS", Severity = FindingSeverity.Information, Message = "VMware Tools were installed from their archive; they are not started any more.", Remedy = "Run vmware-uninstall-tools.pl in the guest when it is no longer needed." };

    /// <summary>A UEFI guest whose boot loader is not found.</summary>
    public static Finding NoUefiLoader(string why) => Warning("GUEST_NO_UEFI_LOADER", $"The EFI system partition {why}.", "Put the boot loader at \\EFI\\BOOT\\BOOTX64.EFI, or make a boot entry at the target.");

    /// <summary>First-boot scripts or packages that cannot be put in.</summary>
    public static Finding FirstBootLeftOut(string why) => Warning("GUEST_FIRST_BOOT_LEFT_OUT", $"Nothing will be run at the first start: {why}", "Run the scripts and install the packages in the guest by hand.");

    /// <summary>No room for a copy of the old file.</summary>
    public static Finding NoBackup(string path) => Warning("GUEST_NO_BACKUP", $"There is no room for a copy of {path} beside it.", "None needed: the source is untouched.");

    /// <summary>A registry hive that cannot be read, recovered or edited.</summary>
    public static Finding Hive(HiveException e) => Error(
        e.Code, $"{e.Where}: {e.Message}".TrimStart(':', ' '), "Start the source, let Windows repair itself, shut it down cleanly ('shutdown /s /t 0') and convert again.");

    /// <summary>A Windows that is too old or of the wrong kind for the target.</summary>
    public static Finding UnsupportedWindows(string name, string why) => Error("GUEST_UNSUPPORTED_WINDOWS", $"{name} {why}", "Upgrade Windows at the source, or prepare it by hand and convert with --no-fixup.");

    /// <summary>Dynamic disks or Storage Spaces.</summary>
    public static Finding DynamicDisk(string device, string kind) => Error("GUEST_DYNAMIC_DISK", $"Windows stands on {kind} ({device}).", "Convert the system disk to a basic disk at the source, or convert with --no-fixup.");

    /// <summary>Windows without Hyper-V's drivers.</summary>
    public static Finding HyperVDriversMissing(string what) => Error(
        "HYPERV_DRIVERS_MISSING", $"Windows lacks drivers that Hyper-V needs to boot: {what}.", "Install the integration services, or repair the files with 'sfc /scannow', at the source and convert again.");

    /// <summary>A driver that every boot needs does not start with it.</summary>
    public static Finding BootDriverNotStarted(string what) => Warning("GUEST_BOOT_DRIVER", what, "Check the driver at the source; if Windows starts there nothing is to do.");

    /// <summary>No virtio drivers for a Windows.</summary>
    public static Finding NoVirtio(string why) => Warning("GUEST_NO_VIRTIO", why, "Let the machine boot from SATA with an e1000e adapter and install virtio-win there, or offer virtio-win and convert again.");

    /// <summary>Windows' boot files are not where they have to be.</summary>
    public static Finding BootFiles(string what) => Warning("GUEST_BOOT_FILES", what, "Check that all disks of the machine are converted; repair with 'bcdboot' or 'bcdedit' at the source.");

    /// <summary>Guest tools of the source, disabled.</summary>
    public static Finding ToolsDisabled(string name) => new() { Id = "GUEST_VMWARE_TOOLS", Severity = FindingSeverity.Information, Message = $"{name} stays installed; its services and drivers are disabled.", Remedy = "Uninstall it when the machine runs at the target." };

    /// <summary>An error.</summary>
    public static Finding Error(string id, string message, string remedy) => new() { Id = id, Severity = FindingSeverity.Error, Message = message, Remedy = remedy };

    /// <summary>A warning.</summary>
    public static Finding Warning(string id, string message, string remedy) => new() { Id = id, Severity = FindingSeverity.Warning, Message = message, Remedy = remedy };
}
