using Ferry.Contracts.Machines;

namespace Ferry.Capture.Sources.Vmware;

/// <summary>From the keys of a .vmx to a machine.</summary>
public static class VmxMachine
{
    private const int MostProcessors = 1024;
    private const int MostMemoryMiB = 32 * 1024 * 1024;

    /// <summary>Describes the machine.</summary>
    /// <param name="vmx">The keys.</param>
    /// <param name="file">Name of the .vmx, for messages and for a machine without a name.</param>
    /// <exception cref="SourceException">The machine is encrypted, has no disk, or a value makes no sense.</exception>
    public static DescribedMachine Describe(VmxDocument vmx, string file)
    {
        ArgumentNullException.ThrowIfNull(vmx);
        RefuseEncrypted(vmx, file);
        var findings = new SourceFindings();
        if (vmx.IgnoredLines > 0)
        {
            findings.Inform("VMX_LINES_IGNORED", $"{vmx.IgnoredLines} lines of the .vmx are not key = \"value\" or repeat a key, and were ignored.");
        }

        if (vmx.EncodingFellBack)
        {
            findings.Inform("VMX_ENCODING", "The .vmx is not in the character set that it declares; names with letters outside ASCII may look wrong.");
        }

        var disks = VmxDisks.Find(vmx, file, findings);
        if (disks.Count == 0)
        {
            throw SourceException.Of(
                SourceErrors.NoDisks, "The machine has no hard disk.", file, "Check that this is the right .vmx; CD-ROMs and floppies are not moved.");
        }

        var firmware = ReadFirmware(vmx, findings);
        AddStateFindings(vmx, findings);
        if (string.IsNullOrWhiteSpace(vmx["memsize"]))
        {
            findings.Warn("MEMORY_ASSUMED", "The .vmx has no memsize; VMware's own default of 32 MiB is used.", "Set the memory at the target.");
        }

        var machine = new MachineDescription
        {
            Name = SourceText.Name(vmx["displayname"], SourceText.BaseName(file)),
            Processors = vmx.Number("numvcpus", 1, 1, MostProcessors, file),
            MemoryMiB = vmx.Number("memsize", 32, 4, MostMemoryMiB, file),
            Firmware = firmware,
            SecureBoot = firmware == Firmware.Uefi && vmx.Flag("uefi.secureboot.enabled") == true,
            GuestHint = SourceText.Optional(vmx["guestos"]),
            Disks = disks,
            Nics = VmxNics.Find(vmx, findings),
        };
        return new DescribedMachine(machine, findings.All);
    }

    private static void RefuseEncrypted(VmxDocument vmx, string file)
    {
        if (vmx["encryption.keysafe"] is not null || vmx["encryption.data"] is not null)
        {
            throw SourceException.Of(
                SourceErrors.Encrypted, "The machine is encrypted (encryption.keySafe).", file, "Decrypt it in VMware (VM options, Encryption), then try again.");
        }
    }

    private static Firmware ReadFirmware(VmxDocument vmx, SourceFindings findings)
    {
        var text = vmx["firmware"]?.Trim().ToLowerInvariant();
        if (text is null or "" or "bios")
        {
            return Firmware.Bios;
        }

        if (text is not ("efi" or "uefi"))
        {
            findings.Warn("FIRMWARE_UNKNOWN", $"The .vmx names the firmware \"{SourceText.Quote(text)}\"; BIOS is assumed.", "Check how the machine boots.");
            return Firmware.Bios;
        }

        return Firmware.Uefi;
    }

    private static void AddStateFindings(VmxDocument vmx, SourceFindings findings)
    {
        if (!string.IsNullOrWhiteSpace(vmx["checkpoint.vmstate"]))
        {
            findings.Warn(
                "MACHINE_SUSPENDED",
                "The machine is suspended; what it has in memory is not moved, and its file systems are as after a power failure.",
                "Resume it and shut it down in VMware, then convert it.");
        }

        if (vmx.Flag("cleanshutdown") == false)
        {
            findings.Warn(
                "MACHINE_NOT_SHUT_DOWN",
                "The .vmx says that the machine runs or was not shut down cleanly.",
                "Shut it down in VMware before it is converted.");
        }

        if (vmx.Flag("vtpm.present") == true || vmx.Flag("managedvm.autoaddvtpm") == true)
        {
            findings.Warn("VTPM_DROPPED", "The machine's virtual TPM is not moved.", "Have the recovery keys of BitLocker or LUKS at hand, or suspend the protection before.");
        }
    }
}
