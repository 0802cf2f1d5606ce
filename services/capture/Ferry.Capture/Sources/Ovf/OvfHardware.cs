using System.Globalization;
using System.Xml.Linq;
using Ferry.Contracts.Machines;

namespace Ferry.Capture.Sources.Ovf;

/// <summary>A VirtualHardwareSection: processors, memory, disks and adapters.</summary>
internal sealed class OvfHardware
{
    private const int Processor = 3;
    private const int Memory = 4;
    private const int Ide = 5;
    private const int Scsi = 6;
    private const int Ethernet = 10;
    private const int Floppy = 14;
    private const int CdDrive = 15;
    private const int DvdDrive = 16;
    private const int HardDisk = 17;
    private const int OtherStorage = 20;
    private const int MostItems = 5000;

    private readonly XElement _section;
    private readonly string _file;
    private readonly SourceFindings _findings;
    private readonly List<OvfItem> _items;

    public OvfHardware(XElement section, string? configuration, string file, SourceFindings findings)
    {
        _section = section;
        _file = file;
        _findings = findings;
        _items = [.. section.Elements()
            .Where(e => e.Name.LocalName is "Item" or "StorageItem" or "EthernetPortItem")
            .Where(e => Belongs(e, configuration))
            .Select(e => new OvfItem(e))];
        if (_items.Count > MostItems)
        {
            throw OvfXml.Invalid(file, "The machine has more than 5000 hardware items.");
        }
    }

    /// <summary>Number of virtual processors.</summary>
    public int Processors()
    {
        var text = _items.Find(i => i.ResourceType == Processor)?.Element.Text("VirtualQuantity");
        return text is null ? 1 : OvfItem.Number(text) is >= 1 and <= 1024 and var number
            ? number
            : throw OvfXml.Invalid(_file, $"The number of processors makes no sense: \"{SourceText.Quote(text)}\".");
    }

    /// <summary>Memory in MiB.</summary>
    public int MemoryMiB()
    {
        var item = _items.Find(i => i.ResourceType == Memory)?.Element;
        if (item.Text("VirtualQuantity") is not { } text)
        {
            _findings.Warn("MEMORY_ASSUMED", "The .ovf does not say how much memory the machine has; 1024 MiB are used.", "Set the memory at the target.");
            return 1024;
        }

        // Without units the standard means bytes, but some programs mean MiB; a machine has at least 4 MiB.
        var unit = item.Text("AllocationUnits");
        var perUnit = unit is not null ? OvfUnits.BytesPerUnit(unit) : text.Length <= 6 ? 1L << 20 : 1;
        var bytes = perUnit is null ? null : OvfUnits.Bytes(text, perUnit.Value);
        return bytes is >= 4L << 20 and <= 32L << 40
            ? (int)((bytes.Value + (1 << 20) - 1) >> 20)
            : throw OvfXml.Invalid(_file, $"The memory makes no sense: \"{SourceText.Quote(text)}\" in units of \"{SourceText.Quote(unit)}\".");
    }

    /// <summary>The disks: controllers in the order in which the .ovf first uses them, the disks of each by their number, a boot order above all.</summary>
    public IReadOnlyList<(MachineDisk Disk, long? Capacity)> Disks(OvfDisks disks, XElement system)
    {
        var found = new List<(OvfItem Item, OvfDisk Disk)>();
        foreach (var item in _items.Where(i => i.ResourceType == HardDisk))
        {
            var disk = disks.Resolve(item.Element.Text("HostResource"));
            if (disk.File is not null)
            {
                found.Add((item, disk));
                continue;
            }

            var size = disk.Capacity is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes") : "a size that is set at deployment";
            _findings.Warn("EMPTY_DISK_DROPPED", $"The disk \"{SourceText.Quote(disk.Id)}\" of {size} has no file: it is empty and is not moved.", "Add an empty disk of that size at the target.");
        }

        var controllers = found.Select(f => f.Item.Parent ?? "").Distinct().ToList();
        var boot = BootInstance(system);
        return [.. found
            .OrderBy(f => boot is not null && f.Item.InstanceId == boot ? 0 : 1)
            .ThenBy(f => controllers.IndexOf(f.Item.Parent ?? ""))
            .ThenBy(f => f.Item.Unit)
            .Select((f, index) => (Describe(f.Item, f.Disk, index), f.Disk.Capacity))];
    }

    /// <summary>The network adapters.</summary>
    public IReadOnlyList<MachineNic> Nics()
    {
        var nics = new List<MachineNic>();
        foreach (var item in _items.Where(i => i.ResourceType == Ethernet || i.Element.Name.LocalName == "EthernetPortItem"))
        {
            nics.Add(new MachineNic
            {
                Index = nics.Count,
                MacAddress = MacAddress.Parse(item.Element.Text("Address")),
                Network = SourceText.Optional(item.Element.Text("Connection")),
                Model = item.SubType?.ToLowerInvariant(),
                Connected = !string.Equals(item.Element.Text("AutomaticAllocation"), "false", StringComparison.OrdinalIgnoreCase),
            });
        }

        if (nics.Exists(n => n.MacAddress is null))
        {
            _findings.Inform("NIC_WITHOUT_MAC", "The .ovf gives no MAC address for a network adapter; the target makes a new one.");
        }

        return nics;
    }

    /// <summary>A VMware setting of the section, for example <c>firmware</c>, or null.</summary>
    public string? VmwareSetting(string key) =>
        _section.Elements().FirstOrDefault(e => e.Name.LocalName is "Config" or "ExtraConfig" && e.Attr("key") == key).Attr("value");

    /// <summary>Says what is not moved.</summary>
    public void AddFindings()
    {
        var removable = _items.Count(i => i.ResourceType is CdDrive or DvdDrive or Floppy);
        if (removable > 0)
        {
            _findings.Inform("CDROM_DROPPED", string.Create(CultureInfo.InvariantCulture, $"{removable} CD-ROM or floppy drives are not moved."));
        }

        if (_items.Exists(i => i.SubType?.Contains("tpm", StringComparison.OrdinalIgnoreCase) == true))
        {
            _findings.Warn("VTPM_DROPPED", "The machine's virtual TPM is not moved.", "Have the recovery keys of BitLocker or LUKS at hand, or suspend the protection before.");
        }
    }

    private MachineDisk Describe(OvfItem item, OvfDisk disk, int index)
    {
        var controller = item.Parent is null ? null : _items.Find(i => i.InstanceId == item.Parent);
        return new MachineDisk
        {
            Index = index,
            Bus = controller switch
            {
                { ResourceType: Ide } => "ide",
                { ResourceType: OtherStorage, SubType: { } type } when type.Contains("nvme", StringComparison.OrdinalIgnoreCase) => "nvme",
                { ResourceType: OtherStorage } => "sata",
                { ResourceType: Scsi } => "scsi",
                _ => "scsi",
            },
            Controller = OvfItem.Number(controller?.Element.Text("Address")) ?? 0,
            Unit = item.Unit,
            Image = disk.File!,
        };
    }

    /// <summary>VMware's <c>vmw:BootOrderSection vmw:instanceId="4" vmw:type="disk"</c>.</summary>
    private static string? BootInstance(XElement system) =>
        system.Children("BootOrderSection").FirstOrDefault(e => e.Attr("type") == "disk").Attr("instanceId");

    private static bool Belongs(XElement item, string? configuration) =>
        item.Attr("configuration") is not { } wanted || (configuration is not null && wanted.Split(' ').Contains(configuration));
}
