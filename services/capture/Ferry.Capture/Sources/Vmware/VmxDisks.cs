using System.Globalization;
using System.Text.RegularExpressions;
using Ferry.Contracts.Machines;

namespace Ferry.Capture.Sources.Vmware;

/// <summary>The hard disks of a .vmx in the order in which VMware's BIOS boots from them: SCSI, SATA, IDE, NVMe, or as <c>bios.hddOrder</c> says.</summary>
internal static partial class VmxDisks
{
    private const int MostDisks = 1024;
    private static readonly string[] Buses = ["scsi", "sata", "ide", "nvme"];

    /// <summary>Finds the disks.</summary>
    /// <exception cref="SourceException">A disk names a file that it may not name.</exception>
    public static IReadOnlyList<MachineDisk> Find(VmxDocument vmx, string file, SourceFindings findings)
    {
        var slots = vmx.Keys.Select(Slot.Parse).OfType<Slot>().Distinct().Order().ToList();
        var disks = new List<(Slot Slot, string Image)>();
        foreach (var slot in slots)
        {
            if (IsDisk(vmx, slot, findings))
            {
                disks.Add((slot, DescriptorReference.Require(vmx[$"{slot}.filename"]!.Trim(), $"{file}, key {slot}.fileName")));
            }
        }

        if (disks.Count > MostDisks)
        {
            throw SourceException.Of(SourceErrors.VmxInvalid, "The machine has more than 1024 disks.", file, "Check the .vmx.");
        }

        foreach (var (slot, _) in disks)
        {
            AddFindings(vmx, slot, findings);
        }

        return [.. Ordered(disks, vmx["bios.hddorder"]).Select((disk, index) => new MachineDisk
        {
            Index = index,
            Bus = disk.Slot.Bus,
            Controller = disk.Slot.Controller,
            Unit = disk.Slot.Unit,
            Image = disk.Image,
        })];
    }

    private static bool IsDisk(VmxDocument vmx, Slot slot, SourceFindings findings)
    {
        var present = vmx.Flag($"{slot}.present");
        var name = vmx[$"{slot}.filename"]?.Trim() ?? "";
        var type = vmx[$"{slot}.devicetype"]?.Trim().ToLowerInvariant() ?? "";
        if (present == false || (name.Length == 0 && type.Length == 0))
        {
            return false;
        }

        if (type.Contains("cdrom", StringComparison.Ordinal) || name.EndsWith(".iso", StringComparison.OrdinalIgnoreCase)
            || name.Equals("auto detect", StringComparison.OrdinalIgnoreCase) || name.Equals("emptyBackingString", StringComparison.OrdinalIgnoreCase))
        {
            findings.Inform("CDROM_DROPPED", $"The CD-ROM at {slot} is not moved.");
            return false;
        }

        if (type is not ("" or "disk" or "plaindisk" or "rawdisk" or "scsi-harddisk" or "ata-harddisk" or "sata-harddisk" or "nvme-harddisk"))
        {
            findings.Warn("DEVICE_DROPPED", $"The device at {slot} of type \"{SourceText.Quote(type)}\" is no hard disk and is not moved.", "Connect it at the target if the machine needs it.");
            return false;
        }

        if (name.Length == 0)
        {
            findings.Warn("DISK_WITHOUT_FILE", $"The disk at {slot} names no file and is not moved.", "Check the disk in VMware.");
            return false;
        }

        if (vmx.Flag($"{slot.Bus}{slot.Controller}.present") == false)
        {
            findings.Warn("DISK_CONTROLLER_ABSENT", $"The disk at {slot} is not moved: its controller is not present.", "Check the disk in VMware.");
            return false;
        }

        if (present is null)
        {
            findings.Warn("DISK_PRESENCE_ASSUMED", $"The .vmx does not say whether the disk at {slot} is present; it is moved.", "Remove it at the target if the machine does not have it.");
        }

        return true;
    }

    private static void AddFindings(VmxDocument vmx, Slot slot, SourceFindings findings)
    {
        if (vmx[$"{slot}.mode"]?.Contains("nonpersistent", StringComparison.OrdinalIgnoreCase) == true)
        {
            findings.Warn(
                "DISK_NONPERSISTENT",
                $"VMware forgets what is written to the disk at {slot} when the machine is switched off; the target will keep it.",
                "Make a checkpoint at the target if the machine must start afresh.");
        }
    }

    /// <summary>VMware's <c>bios.hddOrder = "scsi0:1,scsi0:0"</c> first, the rest behind it.</summary>
    private static IEnumerable<(Slot Slot, string Image)> Ordered(List<(Slot Slot, string Image)> disks, string? order)
    {
        var wanted = (order ?? "").Split(',', 64, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(s => s.ToLowerInvariant()).ToList();
        return disks.OrderBy(d => wanted.IndexOf(d.Slot.ToString()) is >= 0 and var place ? place : int.MaxValue);
    }

    [GeneratedRegex(@"\A(scsi|sata|ide|nvme)([0-9]{1,3}):([0-9]{1,4})\.", RegexOptions.CultureInvariant)]
    private static partial Regex SlotKey();

    private readonly record struct Slot(string Bus, int Controller, int Unit) : IComparable<Slot>
    {
        public static Slot? Parse(string key) => SlotKey().Match(key) is { Success: true } match
            ? new Slot(
                match.Groups[1].Value,
                int.Parse(match.Groups[2].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture),
                int.Parse(match.Groups[3].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))
            : null;

        public int CompareTo(Slot other) =>
            (Array.IndexOf(Buses, Bus), Controller, Unit).CompareTo((Array.IndexOf(Buses, other.Bus), other.Controller, other.Unit));

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bus}{Controller}:{Unit}");
    }
}
