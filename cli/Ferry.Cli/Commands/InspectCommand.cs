using System.CommandLine;
using System.Text.Json;
using Ferry.Capture;
using Ferry.Cli.Output;
using Ferry.Cli.Previews;
using Ferry.Contracts.Machines;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry inspect</c>: machine, disks, allocation, guest. Changes nothing.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var source = Arguments.Source();
        var format = Arguments.InputFormat();
        var library = Arguments.Library();
        var json = Arguments.Json();
        var command = new Command("inspect", "Shows a source: machine, disks, partitions, volumes, what is in use, guest system. Changes nothing.") { source, format, library, json };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var preview = new SourcePreview(Arguments.FullSource(parsed.GetRequiredValue(source)), parsed.GetValue(format), parsed.GetValue(library));
            var found = await preview.InspectAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(JsonSerializer.Serialize(found, JsonOutput.Options));
            }
            else
            {
                Print(found);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(SourcePreviewResult found)
    {
        var machine = found.Source.Machine;
        Console.WriteLine($"{machine.Name}: {machine.Processors} CPUs, {machine.MemoryMiB} MiB, {Firmware(machine)}, from {found.Source.Kind}");
        foreach (var disk in found.Source.Disks)
        {
            Console.WriteLine($"  disk {disk.Index}: {disk.Image}, {disk.Format} {disk.Variant}, {Units.Bytes(disk.CapacityBytes)}, {Units.Bytes(disk.AllocatedBytes)} allocated, {Units.Bytes(disk.UsedBytes)} in use, {Table(disk.Partitions)}");
            foreach (var volume in disk.Volumes)
            {
                Console.WriteLine($"    {Describe(volume)}");
            }
        }

        foreach (var nic in machine.Nics)
        {
            Console.WriteLine($"  nic {nic.Index}: {nic.Model ?? "unknown model"}, MAC {nic.MacAddress ?? "none"}, network {nic.Network ?? "none"}");
        }

        if (found.Guest is { } guest)
        {
            Console.WriteLine($"  guest: {(guest.PrettyName.Length > 0 ? guest.PrettyName : guest.Family)}, {guest.Architecture}, {guest.Firmware}, boot loader {guest.BootLoader}, kernels {string.Join(", ", guest.Kernels.Select(kernel => kernel.Version))}");
        }

        Findings.Print(found.Findings);
    }

    private static string Table(string partitions) => partitions == "none" ? "no partition table" : $"{partitions.ToUpperInvariant()} partition table";

    private static string Describe(InspectedVolume volume)
    {
        // Labels come from the source: a terminal must not obey them.
        var label = string.Concat(volume.Label.Where(c => !char.IsControl(c)));
        string?[] parts =
        [
            $"{Units.Bytes(volume.LengthBytes)} at {volume.OffsetBytes}",
            volume.Type,
            volume.Content ?? "unknown content",
            label.Length > 0 ? $"\"{label}\"" : null,
            volume.UsedBytes is { } used ? $"{Units.Bytes(used)} in use" : "all of it counts as used",
        ];
        return $"{volume.Name}: {string.Join(", ", parts.Where(part => part is not null))}";
    }

    private static string Firmware(MachineDescription machine) => machine.Firmware == Contracts.Machines.Firmware.Uefi
        ? machine.SecureBoot ? "UEFI with Secure Boot" : "UEFI"
        : "BIOS";
}
