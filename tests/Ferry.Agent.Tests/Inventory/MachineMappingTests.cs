using System.Text.Json;
using Ferry.Agent.Capture;
using Ferry.Agent.Inventory;
using Ferry.Agent.Inventory.Disks;
using Ferry.Contracts.Machines;
using Ferry.Contracts.Transfer;
using Ferry.DiskImages.FileSystems;
using Ferry.Hosting.Documents;
using Ferry.Transfer.Jobs;

namespace Ferry.Agent.Tests.Inventory;

/// <summary>The inventory in the terms of the contracts.</summary>
public sealed class MachineMappingTests
{
    [Theory]
    [InlineData(Firmware.Uefi, "EFI system", false, Firmware.Uefi, false)]
    [InlineData(Firmware.Bios, "Linux filesystem", true, Firmware.Bios, false)]
    [InlineData(Firmware.Uefi, "Linux filesystem", true, Firmware.Bios, true)]
    [InlineData(Firmware.Bios, "EFI system", false, Firmware.Uefi, true)]
    [InlineData(Firmware.Bios, "BIOS boot", false, Firmware.Bios, false)]
    public async Task Firmware_IsThatOfTheDisks(Firmware running, string partition, bool bootable, Firmware expected, bool doubtful)
    {
        var inventory = await InventoryAsync(running);
        var disk = inventory.Disks[0] with { Volumes = [new VolumeInventory { Name = "partition 1", Kind = VolumeKind.Partition, Offset = 0, Length = 1, PartitionType = partition, Bootable = bootable }] };
        var (machine, findings) = MachineMapping.Describe("db01", inventory, [disk]);
        Assert.Equal((expected, doubtful), (machine.Firmware, findings.Any(finding => finding.Id == AgentFindings.FirmwareUncertain)));
    }

    [Fact]
    public async Task RequestOfTheAgent_IsOneThatTheServerTakes()
    {
        var inventory = await InventoryAsync(Firmware.Bios);
        var (machine, findings) = MachineMapping.Describe("db01", inventory, inventory.Disks);
        var request = new TransferJobRequest
        {
            Id = Guid.NewGuid(),
            Name = "db01",
            Type = TransferJobType.Upload,
            Machine = new UploadMachine { Machine = machine, Findings = [.. inventory.Findings, .. findings] },
            Files = [.. inventory.Disks.Select(disk => new TransferFileRequest { Name = disk.Path, Size = disk.Size, LogicalSectorSize = 512 })],
        };
        var json = JsonSerializer.Serialize(request, CaptureJson.Default.TransferJobRequest);
        var read = JsonSerializer.Deserialize<TransferJobRequest>(json, DocumentJson.Options)!;
        Assert.Empty(TransferRequestValidator.Validate(read));
        Assert.Equal(JsonSerializer.Serialize(request, DocumentJson.Options), JsonSerializer.Serialize(read, DocumentJson.Options));
        Assert.Equal(("sata", "sda", "raw", 2048L * 512), (read.Machine!.Machine.Disks[0].Bus, read.Machine.Machine.Disks[0].Image, read.Machine.Machine.Disks[0].Format, read.Machine.Machine.Disks[0].Capacity));
        Assert.Equal(["001122334455"], read.Machine.Machine.Nics.Select(nic => nic.MacAddress!));
    }

    [Fact]
    public async Task MachineThatIsNotTheUploads_IsRefused()
    {
        var inventory = await InventoryAsync(Firmware.Bios);
        var (machine, _) = MachineMapping.Describe("db01", inventory, inventory.Disks);
        MachineDescription[] wrong =
        [
            machine with { Disks = [] }, machine with { Disks = [machine.Disks[0] with { Capacity = 1 }] }, machine with { Disks = [machine.Disks[0] with { Bus = "tape" }] }, machine with { Name = "a\nb" },
            machine with { Processors = 0 }, machine with { MemoryMiB = 0 }, machine with { Firmware = (Firmware)9 }, machine with { Nics = [machine.Nics[0] with { MacAddress = "xx" }] }, machine with { Disks = null! },
        ];
        Assert.All(wrong, other => Assert.Contains("machine", TransferRequestValidator.Validate(Request(other, TransferJobType.Upload)).Keys));
        Assert.Empty(TransferRequestValidator.Validate(Request(machine, TransferJobType.Upload)));
        Assert.Contains("machine", TransferRequestValidator.Validate(Request(machine, TransferJobType.Download)).Keys);
    }

    private static TransferJobRequest Request(MachineDescription machine, TransferJobType type) => new()
    {
        Id = Guid.NewGuid(), Name = "db01", Type = type, Machine = new UploadMachine { Machine = machine }, Files = [new TransferFileRequest { Name = "/dev/sda", Size = 2048 * 512 }],
    };

    private static async Task<MachineInventory> InventoryAsync(Firmware running)
    {
        using var tree = new SystemTree().SataDisk("sda", "8:0", 2048).File("/sys/class/net/eno1/address", "00:11:22:33:44:55").Folder("/sys/class/net/eno1/device").File("/usr/bin/mongod", "");
        if (running is Firmware.Uefi)
        {
            tree.Folder("/sys/firmware/efi");
        }

        return await new InventoryReader(tree.Root, _ => []).ReadAsync(removable: false, volumes: false, TestContext.Current.CancellationToken);
    }
}
