using System.Xml.Linq;
using Ferry.Contracts;
using Ferry.Contracts.Machines;

namespace Ferry.Capture.Sources.Ovf;

/// <summary>From an .ovf (DMTF DSP0243, versions 1.x and 2.x) to a machine.</summary>
public static class OvfMachine
{
    /// <summary>Describes the one machine of an .ovf. The capacity of a disk is what the .ovf says, 0 when it says nothing.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="SourceException">The .ovf is damaged, describes several machines, or uses something that is not supported.</exception>
    public static DescribedMachine Describe(ReadOnlyMemory<byte> bytes, string file)
    {
        var envelope = OvfXml.ReadEnvelope(bytes, file);
        var system = OneSystem(envelope, file);
        var findings = new SourceFindings();
        var hardware = new OvfHardware(HardwareSection(system, file), Configuration(envelope, findings), file, findings);
        var disks = hardware.Disks(new OvfDisks(envelope, file), system);
        if (disks.Count == 0)
        {
            throw SourceException.Of(SourceErrors.NoDisks, "The .ovf describes a machine without a disk that has a file.", file, "Check that this is the right .ovf.");
        }

        hardware.AddFindings();
        var firmware = ReadFirmware(hardware, system);
        var machine = new MachineDescription
        {
            Name = SourceText.Name(system.Text("Name") ?? system.Attr("id"), SourceText.BaseName(file)),
            Processors = hardware.Processors(),
            MemoryMiB = hardware.MemoryMiB(),
            Firmware = firmware,
            SecureBoot = firmware == Firmware.Uefi
                && string.Equals(hardware.VmwareSetting("bootOptions.efiSecureBootEnabled"), "true", StringComparison.OrdinalIgnoreCase),
            GuestHint = GuestHint(system),
            Disks = [.. disks.Select(d => d.Disk with { Capacity = d.Capacity ?? 0 })],
            Nics = hardware.Nics(),
        };
        return new DescribedMachine(machine, findings.All);
    }

    private static XElement OneSystem(XElement envelope, string file)
    {
        var systems = envelope.Descendants().Where(e => e.Name.LocalName == "VirtualSystem").Take(101).ToList();
        return systems.Count switch
        {
            0 => throw OvfXml.Invalid(file, "The .ovf describes no virtual system."),
            1 => systems[0],
            _ => throw SourceException.Of(
                SourceErrors.OvfSeveralSystems,
                "The .ovf describes several machines: " + string.Join(", ", systems.Take(20).Select(s => SourceText.Name(s.Attr("id") ?? s.Text("Name"), "?"))) + ".",
                file,
                "Export each machine on its own."),
        };
    }

    /// <summary>The section for VMware where there are several, else the first.</summary>
    private static XElement HardwareSection(XElement system, string file)
    {
        var sections = system.Children("VirtualHardwareSection").ToList();
        return sections.Find(s => s.Child("System").Text("VirtualSystemType")?.Contains("vmx-", StringComparison.OrdinalIgnoreCase) == true)
            ?? sections.FirstOrDefault()
            ?? throw OvfXml.Invalid(file, "The virtual system has no hardware section.");
    }

    private static string? Configuration(XElement envelope, SourceFindings findings)
    {
        var all = envelope.Child("DeploymentOptionSection").Children("Configuration").ToList();
        var chosen = (all.Find(c => c.Attr("default") is "true" or "1") ?? all.FirstOrDefault()).Attr("id");
        if (all.Count > 1)
        {
            findings.Inform("OVF_CONFIGURATION", $"The .ovf offers {all.Count} configurations; \"{SourceText.Quote(chosen)}\" is its default and is used.");
        }

        return chosen;
    }

    private static Firmware ReadFirmware(OvfHardware hardware, XElement system)
    {
        // VirtualBox keeps its settings in an element of its own.
        var virtualBox = system.Child("Machine").Child("Hardware").Child("Firmware").Attr("type");
        var vmware = hardware.VmwareSetting("firmware");
        return string.Equals(vmware, "efi", StringComparison.OrdinalIgnoreCase) || virtualBox?.StartsWith("EFI", StringComparison.OrdinalIgnoreCase) == true
            ? Firmware.Uefi
            : Firmware.Bios;
    }

    private static string? GuestHint(XElement system)
    {
        var section = system.Child("OperatingSystemSection");
        return SourceText.Optional(section.Attr("osType")) ?? SourceText.Optional(section.Text("Description"))
            ?? (SourceText.Optional(section.Attr("id")) is { } id ? $"cim:{id}" : null);
    }
}
