using System.Xml.Linq;

namespace Ferry.EndToEnd.Tests.Guests;

/// <summary>QEMU's options for the hardware that a guest is started on. The disk is the drive <c>disk</c>, the network the netdev <c>net</c>.</summary>
internal static class GuestDevices
{
    private const string Code = "/usr/share/OVMF/OVMF_CODE_4M.fd";
    private const string Variables = "/usr/share/OVMF/OVMF_VARS_4M.fd";

    /// <summary>What is missing for UEFI, or null.</summary>
    public static string? MissingFirmware => TestServices.Skip.MissingFiles("ovmf", Code, Variables);

    /// <summary>VMware's devices, as the description of the machine says. Without a boot entry in the firmware, UEFI guests are started by their kernel.</summary>
    public static IReadOnlyList<string> Source(GuestRow row, string folder) =>
    [
        "-machine", "pc,graphics=off", "-device", "pvscsi,id=scsi", "-device", "scsi-hd,bus=scsi.0,drive=disk,bootindex=1", "-device", $"vmxnet3,netdev=net,mac={SourceGuest.Mac},romfile=",
        .. row.IsUefi ? new[] { "-kernel", Path.Combine(folder, "vmlinuz"), "-initrd", Path.Combine(folder, "initrd.img"), "-append", "root=/dev/sda2 ro console=ttyS0,115200 no_timer_check" } : [],
    ];

    /// <summary>
    /// What QEMU has that comes next to Hyper-V: IDE for a machine of generation 1, AHCI with UEFI for one of generation 2. Neither controller nor adapter is the source's.
    /// </summary>
    public static IReadOnlyList<string> LikeHyperV(GuestRow row) => row.IsUefi
        ? ["-machine", "q35", .. Uefi(), "-device", "ide-hd,bus=ide.0,drive=disk,bootindex=0", "-device", $"e1000e,netdev=net,mac={SourceGuest.Mac},romfile="]
        : ["-machine", "pc,graphics=off", "-device", "ide-hd,bus=ide.0,drive=disk,bootindex=0", "-device", $"e1000,netdev=net,mac={SourceGuest.Mac},romfile="];

    /// <summary>The machine of a <c>domain.xml</c>: each device behind a port of its own, as libvirt puts it.</summary>
    public static IReadOnlyList<string> Domain(string file)
    {
        var domain = XDocument.Load(file).Root!;
        var uefi = (string?)domain.Element("os")!.Attribute("firmware") == "efi";
        var disk = Assert.Single(domain.Descendants("disk"));
        var nic = Assert.Single(domain.Descendants("interface"));
        Assert.Equal("virtio", (string?)disk.Element("target")!.Attribute("bus"));
        Assert.Equal("virtio", (string?)nic.Element("model")!.Attribute("type"));
        Assert.StartsWith("q35", (string?)domain.Element("os")!.Element("type")!.Attribute("machine"), StringComparison.Ordinal);
        return
        [
            "-machine", uefi ? "q35" : "q35,graphics=off", .. uefi ? Uefi() : [],
            "-device", "pcie-root-port,id=port1,chassis=1,slot=1", "-device", "virtio-blk-pci,bus=port1,drive=disk,bootindex=0",
            "-device", "pcie-root-port,id=port2,chassis=2,slot=2", "-device", $"virtio-net-pci,bus=port2,netdev=net,mac={(string?)nic.Element("mac")!.Attribute("address")},romfile=",
        ];
    }

    private static IReadOnlyList<string> Uefi() =>
        ["-drive", $"if=pflash,unit=0,format=raw,readonly=on,file={Code}", "-drive", $"if=pflash,unit=1,format=raw,snapshot=on,file={Variables}"];
}
