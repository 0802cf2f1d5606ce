using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;

namespace Ferry.Conversion.Targets.Kvm;

/// <summary>
/// Writes libvirt's domain XML for a machine of type q35. Names come from descriptors that nobody trusts: all of them pass <see cref="LibvirtText"/> and are
/// escaped by <see cref="XElement"/>.
/// </summary>
public static class DomainXml
{
    /// <summary>The document in UTF-8. The same command gives the same bytes.</summary>
    /// <param name="command">The machine and its images.</param>
    /// <param name="folder">Full path of the images' folder; libvirt takes no relative names.</param>
    /// <exception cref="TargetException">XML cannot hold the folder's path.</exception>
    public static byte[] Write(PublishMachine command, string folder)
    {
        ArgumentNullException.ThrowIfNull(command);
        var machine = command.Machine;
        var windows = GuestFamilies.Of(command) == GuestFamily.Windows;
        var devices = KvmDevices.Of(command);
        var name = LibvirtText.Name(machine.Name);
        var title = LibvirtText.Line(machine.Name);
        var domain = new XElement(
            "domain",
            new XAttribute("type", "kvm"),
            new XElement("name", name),
            new XElement("uuid", command.ConversionId.ToString("D")),
            title == name || title.Length == 0 ? null : new XElement("title", title),
            new XElement("memory", new XAttribute("unit", "MiB"), machine.MemoryMiB),
            new XElement("vcpu", machine.Processors),
            Boot(machine),
            Features(machine, windows),
            new XElement("cpu", new XAttribute("mode", "host-model")),
            Clock(windows),
            new XElement("on_poweroff", "destroy"),
            new XElement("on_reboot", "restart"),
            new XElement("on_crash", "destroy"),
            new XElement(
                "devices",
                command.Disks.OrderBy(disk => disk.Disk).Select((disk, index) => Disk(disk, index, devices, folder)),
                devices.DiskBus == "scsi" ? new XElement("controller", new XAttribute("type", "scsi"), new XAttribute("index", 0), new XAttribute("model", "virtio-scsi")) : null,
                machine.Nics.Select(nic => Interface(nic, devices)),
                Consoles()));
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false), OmitXmlDeclaration = true }))
        {
            domain.Save(writer);
        }

        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    /// <summary>Firmware by its features, from which libvirt chooses the host's file and makes the variables' file.</summary>
    private static XElement Boot(MachineDescription machine)
    {
        var type = new XElement("type", new XAttribute("arch", "x86_64"), new XAttribute("machine", "q35"), "hvm");
        if (machine.Firmware != Firmware.Uefi)
        {
            return new XElement("os", type);
        }

        var secure = machine.SecureBoot ? "yes" : "no";
        return new XElement(
            "os",
            new XAttribute("firmware", "efi"),
            type,
            new XElement("firmware", Feature("enrolled-keys"), Feature("secure-boot")),
            machine.SecureBoot ? new XElement("loader", new XAttribute("secure", "yes")) : null);

        XElement Feature(string name) => new("feature", new XAttribute("enabled", secure), new XAttribute("name", name));
    }

    private static XElement Features(MachineDescription machine, bool windows) => new(
        "features",
        new XElement("acpi"),
        new XElement("apic"),
        windows
            ? new XElement("hyperv", new XAttribute("mode", "custom"), On("relaxed"), On("vapic"), new XElement("spinlocks", new XAttribute("state", "on"), new XAttribute("retries", 8191)))
            : null,

        // The firmware keeps its variables of Secure Boot behind system management mode.
        machine.SecureBoot && machine.Firmware == Firmware.Uefi ? On("smm") : null);

    private static XElement On(string name) => new(name, new XAttribute("state", "on"));

    /// <summary>Windows keeps the hardware clock in local time, everything else in UTC.</summary>
    private static XElement Clock(bool windows) => new(
        "clock",
        new XAttribute("offset", windows ? "localtime" : "utc"),
        new XElement("timer", new XAttribute("name", "rtc"), new XAttribute("tickpolicy", "catchup")),
        new XElement("timer", new XAttribute("name", "pit"), new XAttribute("tickpolicy", "delay")),
        new XElement("timer", new XAttribute("name", "hpet"), new XAttribute("present", "no")),
        windows ? new XElement("timer", new XAttribute("name", "hypervclock"), new XAttribute("present", "yes")) : null);

    private static XElement Disk(DiskReport disk, int index, KvmDevices devices, string folder) => new(
        "disk",
        new XAttribute("type", "file"),
        new XAttribute("device", "disk"),

        // The format is always said: libvirt and QEMU must not guess it from what a guest can write.
        new XElement("driver", new XAttribute("name", "qemu"), new XAttribute("type", disk.Format), new XAttribute("discard", "unmap")),
        new XElement("source", new XAttribute("file", LibvirtText.Path(System.IO.Path.Combine(folder, disk.Image)))),
        new XElement("target", new XAttribute("dev", (devices.DiskBus == "virtio" ? "vd" : "sd") + Letters(index)), new XAttribute("bus", devices.DiskBus)),
        index == 0 ? new XElement("boot", new XAttribute("order", 1)) : null);

    private static XElement Interface(MachineNic nic, KvmDevices devices) => new(
        "interface",
        new XAttribute("type", "network"),
        nic.MacAddress is { Length: 12 } mac && mac.All(char.IsAsciiHexDigit)
            ? new XElement("mac", new XAttribute("address", string.Join(':', mac.Chunk(2).Select(pair => new string(pair).ToLowerInvariant()))))
            : null,
        new XElement("source", new XAttribute("network", "default")),
        new XElement("model", new XAttribute("type", devices.NicModel)),
        nic.Connected ? null : new XElement("link", new XAttribute("state", "down")));

    private static IEnumerable<XElement> Consoles() =>
    [
        new("serial", new XAttribute("type", "pty")),
        new("console", new XAttribute("type", "pty"), new XElement("target", new XAttribute("type", "serial"))),
        new("channel", new XAttribute("type", "unix"), new XElement("target", new XAttribute("type", "virtio"), new XAttribute("name", "org.qemu.guest_agent.0"))),
        new("input", new XAttribute("type", "tablet"), new XAttribute("bus", "usb")),
        new("graphics", new XAttribute("type", "vnc"), new XAttribute("autoport", "yes"), new XAttribute("listen", "127.0.0.1")),
        new("video", new XElement("model", new XAttribute("type", "vga"))),
        new("memballoon", new XAttribute("model", "virtio")),
        new("rng", new XAttribute("model", "virtio"), new XElement("backend", new XAttribute("model", "random"), "/dev/urandom")),
    ];

    /// <summary>a to z, aa, ab: as the kernel names disks.</summary>
    private static string Letters(int index) =>
        (index < 26 ? "" : Letters((index / 26) - 1)) + ((char)('a' + (index % 26))).ToString(CultureInfo.InvariantCulture);
}
