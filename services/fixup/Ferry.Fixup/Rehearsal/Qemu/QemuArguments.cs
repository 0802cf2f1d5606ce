using System.Globalization;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Rehearsal.Models;

namespace Ferry.Fixup.Rehearsal.Qemu;

/// <summary>QEMU's command line for a machine. Its sockets are connected to by QEMU, so that nothing that it says first is lost.</summary>
internal static class QemuArguments
{
    private const int PortsOfController = 6;
    private const int MostVirtioBlocks = 20;
    private const string HyperVInterface = ",hv-relaxed,hv-vapic,hv-spinlocks=0x1fff,hv-time,hv-vpindex,hv-synic,hv-stimer,hv-frequencies,hv-crash";

    /// <summary>The arguments.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="sockets">Where QEMU connects to.</param>
    /// <param name="acceleration">What runs the processors.</param>
    /// <param name="firmware">UEFI's files, with variables that are this machine's own; null for BIOS.</param>
    public static IReadOnlyList<string> Of(MachineSpecification machine, QemuSockets sockets, Acceleration acceleration, UefiFirmware? firmware)
    {
        var model = machine.Model;
        var kvm = acceleration == Acceleration.Kvm;
        return
        [
            "-name", "ferry-rehearsal", "-nodefaults", "-no-user-config",

            // A guest that breaks out of QEMU's devices starts no program and changes no identity.
            "-sandbox", "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny",
            "-machine", $"{model.Machine},accel={(kvm ? "kvm" : "tcg")}",
            "-cpu", "max" + (kvm && model.HyperV ? HyperVInterface : ""),
            "-smp", Number(machine.Processors), "-m", Number(machine.MemoryMiB),
            "-rtc", model.LocalTime ? "base=localtime" : "base=utc",
            "-boot", "menu=off,strict=on", "-no-shutdown",
            "-nic", "none", "-display", "none", "-device", "VGA",
            .. Socket("serial", sockets.Serial), "-serial", "chardev:serial",
            .. Socket("firmware", sockets.Firmware), "-device", "isa-debugcon,iobase=0x402,chardev=firmware",
            .. Socket("control", sockets.Control), "-mon", "chardev=control,mode=control",
            .. machine.AssetTag is { } tag ? ["-smbios", $"type=3,asset={tag}"] : Array.Empty<string>(),
            .. firmware is null ? [] : Pflash(firmware),
            .. machine.Disks.SelectMany((socket, index) => Disk(socket, index, model)),
            .. model.Virtio ? VirtioDevices(sockets) : [],
        ];
    }

    private static string[] Socket(string id, string path) => ["-chardev", $"socket,id={id},path={Escaped(path)}"];

    private static string[] Pflash(UefiFirmware firmware) =>
    [
        "-drive", $"if=pflash,format=raw,readonly=on,file={Escaped(firmware.Code)}",
        "-drive", $"if=pflash,format=raw,file={Escaped(firmware.Variables)}",
    ];

    /// <summary>What libvirt makes of Ferry's domain XML besides disks and adapters.</summary>
    private static string[] VirtioDevices(QemuSockets sockets) =>
    [
        "-device", "virtio-serial-pci,id=serials",
        .. Socket("agent", sockets.Agent),
        "-device", "virtserialport,bus=serials.0,chardev=agent,name=org.qemu.guest_agent.0",
        "-device", "virtio-balloon-pci",
        "-object", "rng-builtin,id=random", "-device", "virtio-rng-pci,rng=random",
        "-device", "qemu-xhci", "-device", "usb-tablet",
    ];

    private static IEnumerable<string> Disk(string socket, int index, DeviceModel model)
    {
        yield return "-blockdev";
        yield return $"driver=nbd,node-name=disk{Number(index)},server.type=unix,server.path={Escaped(socket)},discard=unmap";
        var (controllers, device) = Place(index, model);
        foreach (var controller in controllers)
        {
            yield return "-device";
            yield return controller;
        }

        // An error of a disk goes to the guest, and is looked for behind the NBD server: the machine must not stop for it.
        yield return "-device";
        yield return $"{device},drive=disk{Number(index)},werror=report,rerror=report{(index == 0 ? ",bootindex=0" : "")}";
    }

    /// <summary>The controllers that a disk brings, and the disk's device. What does not fit on the first controller goes to further ones.</summary>
    private static (IEnumerable<string> Controllers, string Device) Place(int index, DeviceModel model) => model.Disks switch
    {
        DiskBus.Ide when index < 4 => ([], $"ide-hd,bus=ide.{Number(index / 2)},unit={Number(index % 2)}"),
        DiskBus.Ide => Ahci(index - 4),

        // q35 has a controller with six ports of its own, whose buses are called ide, too.
        DiskBus.Sata when index < PortsOfController => ([], $"ide-hd,bus=ide.{Number(index)}"),
        DiskBus.Sata => Ahci(index - PortsOfController),
        DiskBus.VirtioBlock when index < MostVirtioBlocks => ([], "virtio-blk-pci"),
        DiskBus.VirtioBlock => Scsi(index - MostVirtioBlocks),
        _ => Scsi(index),
    };

    private static (IEnumerable<string> Controllers, string Device) Ahci(int index)
    {
        var name = "ahci" + Number(index / PortsOfController);
        return (index % PortsOfController == 0 ? ["ich9-ahci,id=" + name] : [], $"ide-hd,bus={name}.{Number(index % PortsOfController)}");
    }

    private static (IEnumerable<string> Controllers, string Device) Scsi(int index) =>
        (index == 0 ? ["virtio-scsi-pci,id=scsi"] : [], $"scsi-hd,bus=scsi.0,scsi-id={Number(index)}");

    private static string Escaped(string path) => path.Replace(",", ",,", StringComparison.Ordinal);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
