using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Ferry.Agent.Inventory;

/// <summary><c>ferry-agent inventory</c>.</summary>
internal static class InventoryCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var removable = new Option<bool>("--removable") { Description = "List also disks with a medium that can be taken out." };
        var command = new Command("inventory", "Says what this machine is: firmware, processors, memory, disks, volumes, network, services, databases. Changes nothing and sends nothing.") { json, removable };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var inventory = await InventoryReader.Live().ReadAsync(parsed.GetValue(removable), volumes: true, cancellationToken);
            Console.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(inventory, InventoryJson.Default.MachineInventory) : string.Join('\n', Lines(inventory)));
            return ExitCode.Done;
        });
        return command;
    }

    private static IEnumerable<string> Lines(MachineInventory inventory)
    {
        var os = inventory.OperatingSystem;
        yield return $"{os.HostName}: {os.Name}, kernel {os.Kernel}";
        yield return string.Create(CultureInfo.InvariantCulture, $"  {inventory.Firmware}, {inventory.Processors.Logical} processors ({inventory.Processors.Model}), {inventory.MemoryMiB} MiB; {inventory.Hardware}");
        foreach (var disk in inventory.Disks)
        {
            yield return $"disk {disk.Path}: {Gibibytes(disk.Size)}, {disk.Bus}, {disk.Model} {disk.Serial}".TrimEnd();
            foreach (var volume in disk.Volumes ?? [])
            {
                yield return $"  {volume.Name}: {Gibibytes(volume.Length)}, {volume.Content ?? volume.PartitionType ?? "unknown"}{(volume.UnusedBytes > 0 ? $", {Gibibytes(volume.UnusedBytes)} unused" : "")}";
            }
        }

        foreach (var nic in inventory.Nics.Where(nic => nic.Physical))
        {
            yield return $"network {nic.Name}: {nic.MacAddress}, {nic.Driver}, {string.Join(", ", nic.Addresses)}";
        }

        foreach (var finding in inventory.Findings)
        {
            yield return $"{finding.Severity.ToString().ToLowerInvariant()}[{finding.Id}]: {finding.Message} {finding.Remedy}";
        }
    }

    private static string Gibibytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1 << 30):0.##} GiB");
}
