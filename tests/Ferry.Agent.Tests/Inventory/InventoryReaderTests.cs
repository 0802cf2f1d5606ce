using System.Text.Json;
using Ferry.Agent.Inventory;
using Ferry.Agent.Inventory.Network;
using Ferry.Contracts.Machines;

namespace Ferry.Agent.Tests.Inventory;

/// <summary>The inventory of systems that the tests make, and of the one that they run on.</summary>
public sealed class InventoryReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task System_IsDescribed()
    {
        using var tree = Server();
        var inventory = await new InventoryReader(tree.Root, name => name == "eno1" ? ["192.0.2.10/24"] : []).ReadAsync(removable: false, volumes: false, Token);

        Assert.Equal((Firmware.Uefi, true, "Dell Inc. PowerEdge R620"), (inventory.Firmware, inventory.SecureBoot, inventory.Hardware));
        Assert.Equal((4, 2, "Intel(R) Xeon(R) CPU E5-2620"), (inventory.Processors.Logical, inventory.Processors.Sockets, inventory.Processors.Model));
        Assert.Equal(3 * 128, inventory.MemoryMiB);
        var system = inventory.OperatingSystem;
        Assert.Equal(("db01", "debian", "10", "Debian GNU/Linux 10 (buster)", "4.19.0-27-amd64", 98765L), (system.HostName, system.Id, system.Version, system.Name, system.Kernel, system.UptimeSeconds));
        Assert.Equal(["192.0.2.53"], inventory.Resolver.Servers);
        Assert.Equal(["example.org", "example.net"], inventory.Resolver.Search);
        Assert.Equal([("eno1", "0011223344AA", true, true, "igb"), ("br0", "0011223344AB", false, false, "")], inventory.Nics.OrderByDescending(nic => nic.Name).Select(nic => (nic.Name, nic.MacAddress!, nic.Physical, nic.Up, nic.Driver)));
        Assert.Equal(["192.0.2.10/24"], inventory.Nics.Single(nic => nic.Physical).Addresses);
        Assert.Equal([new RouteInventory("0.0.0.0/0", "192.0.2.1", "eno1", 100), new RouteInventory("192.0.2.0/24", null, "eno1", 100), new RouteInventory("2001:db8::/64", null, "eno1", 256)], inventory.Routes);
        Assert.Equal([("cron.service", true, false), ("postgresql@11-main.service", true, false), ("ssh.service", true, true), ("tuned.service", false, true)], inventory.Services.Select(service => (service.Name, service.Running, service.Enabled)));
    }

    [Fact]
    public async Task Disks_AreThoseOfTheMachine()
    {
        using var tree = Server();
        var disks = (await new InventoryReader(tree.Root, _ => []).ReadAsync(removable: false, volumes: false, Token)).Disks;
        Assert.Equal(["sda", "nvme0n1"], disks.Select(disk => disk.Name));
        var (disk, nvme) = (disks[0], disks[1]);
        Assert.Equal(("/dev/sda", 131_072L * 512, "ATA ST1000", "ABC123", "sata", true, 512, 4711L), (disk.Path, disk.Size, disk.Model, disk.Serial, disk.Bus, disk.Rotational, disk.LogicalSectorSize, disk.SectorsWritten));
        Assert.Equal(["8:0", "8:1", "8:2", "254:0"], disk.DeviceNumbers);
        Assert.Equal(("nvme", "S4X", 4096, false), (nvme.Bus, nvme.Serial, nvme.LogicalSectorSize, nvme.Rotational));

        var all = (await new InventoryReader(tree.Root, _ => []).ReadAsync(removable: true, volumes: false, Token)).Disks;
        Assert.Equal(["sda", "sdb", "nvme0n1"], all.Select(found => found.Name));
    }

    [Fact]
    public async Task Volumes_AreReadFromTheDisk()
    {
        Tool.Require("sfdisk");
        Tool.Require("mke2fs");
        using var tree = Server();
        var image = tree.At("/dev/sda");
        await using (var file = System.IO.File.Create(image))
        {
            file.SetLength(64 << 20);
        }

        await Tool.RunAsync("bash", "-c", $"printf 'label: gpt\\nsize=8M, type=U\\ntype=L\\n' | sfdisk --quiet '{image}'");
        await Tool.RunAsync("mke2fs", "-q", "-t", "ext4", "-L", "data", "-E", $"offset={9 << 20}", image, "50M");
        var inventory = await new InventoryReader(tree.Root, _ => []).ReadAsync(removable: false, volumes: true, Token);

        var disk = inventory.Disks[0];
        Assert.Equal("gpt", disk.PartitionScheme);
        Assert.Equal([("partition 1", "EFI system", null), ("partition 2", "Linux filesystem", "ext4")], disk.Volumes!.Select(volume => (volume.Name, volume.PartitionType, volume.Content)));
        Assert.Equal("data", disk.Volumes![1].Label);
        Assert.InRange(disk.Volumes[1].UnusedBytes, 30 << 20, 50 << 20);
        Assert.Contains(inventory.Findings, finding => finding.Id == AgentFindings.DiskUnreadable && finding.Message.StartsWith("/dev/nvme0n1 ", StringComparison.Ordinal));
        Assert.True(MachineMapping.IsBootDisk(disk));
    }

    [Fact]
    public async Task Databases_AreFindings()
    {
        using var tree = Server();
        tree.File("/proc/812/comm", "postgres").File("/proc/900/comm", "ora_pmon_ORCL").File("/opt/mssql/bin/sqlservr", "").File("/usr/sbin/mysqld", "").File("/usr/bin/mongod", "").File("/usr/pgsql-13/bin/postgres", "");
        var inventory = await new InventoryReader(tree.Root, _ => []).ReadAsync(removable: false, volumes: false, Token);
        Assert.Equal(
            [("PostgreSQL", true), ("MySQL or MariaDB", false), ("SQL Server", false), ("Oracle Database", true), ("MongoDB", false)], inventory.Databases.Select(found => (found.Product, found.Running)));
        Assert.Equal(2, inventory.Findings.Count(finding => finding.Id == AgentFindings.DatabaseRuns && finding.Remedy.Length > 0 && finding.Message.Contains("quiesced", StringComparison.Ordinal)));
        Assert.Equal(3, inventory.Findings.Count(finding => finding.Id == AgentFindings.DatabaseInstalled));
    }

    [Fact]
    public async Task EmptySystem_HasAnInventory()
    {
        using var tree = new SystemTree();
        var inventory = await new InventoryReader(tree.Root, _ => []).ReadAsync(removable: true, volumes: true, Token);
        Assert.Equal((Firmware.Bios, 1, 1, 0), (inventory.Firmware, inventory.Processors.Logical, inventory.MemoryMiB, inventory.Disks.Count));
    }

    [Fact]
    public async Task ThisMachine_HasAnInventoryAsJson()
    {
        var inventory = await InventoryReader.Live().ReadAsync(removable: false, volumes: true, Token);
        using var document = JsonDocument.Parse(JsonSerializer.Serialize(inventory, InventoryJson.Default.MachineInventory));
        var root = document.RootElement;
        Assert.Equal(Environment.MachineName, root.GetProperty("operatingSystem").GetProperty("hostName").GetString());
        Assert.InRange(root.GetProperty("memoryMiB").GetInt32(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 20 > 0 ? 64 : 1, int.MaxValue);
        Assert.InRange(root.GetProperty("processors").GetProperty("logical").GetInt32(), 1, 8192);
        Assert.Contains("/", root.GetProperty("mounts").EnumerateArray().Select(mount => mount.GetProperty("mountPoint").GetString()).Append("/"));
    }

    private static SystemTree Server()
    {
        var tree = new SystemTree().SataDisk("sda", "8:0", 131_072, ("sda1", "8:1"), ("sda2", "8:2")).SataDisk("sdb", "8:16", 2048);
        System.IO.File.WriteAllText(tree.At("/sys/block/sdb/removable"), "1\n");
        return tree
            .Folder("/sys/block/sda/sda2/holders/dm-0").File("/sys/block/dm-0/size", "2048").File("/sys/block/dm-0/dev", "254:0").File("/sys/class/block/dm-0/dev", "254:0")
            .File("/sys/block/loop0/size", "2048").File("/sys/block/zram0/size", "2048").File("/sys/block/sr0/size", "2048").File("/sys/block/sdc/size", "0")
            .File("/sys/block/nvme0n1/size", "4096").File("/sys/block/nvme0n1/device/serial", "S4X ").File("/sys/block/nvme0n1/queue/logical_block_size", "4096").File("/sys/block/nvme0n1/dev", "259:0")
            .Folder("/sys/firmware/efi").Bytes("/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c", [6, 0, 0, 0, 1])
            .File("/sys/class/dmi/id/sys_vendor", "Dell Inc.").File("/sys/class/dmi/id/product_name", "PowerEdge R620")
            .File("/proc/cpuinfo", string.Join("\n\n", Enumerable.Range(0, 4).Select(i => $"processor\t: {i}\nmodel name\t: Intel(R) Xeon(R) CPU E5-2620\nphysical id\t: {i / 2}")))
            .File("/proc/meminfo", "MemTotal:         300000 kB\nMemFree: 1 kB").File("/sys/devices/system/memory/block_size_bytes", "8000000")
            .File("/sys/devices/system/memory/memory0/online", "1").File("/sys/devices/system/memory/memory1/online", "1").File("/sys/devices/system/memory/memory2/online", "1").File("/sys/devices/system/memory/memory3/online", "0")
            .File("/etc/os-release", "PRETTY_NAME=\"Debian GNU/Linux 10 (buster)\"\nID=debian\nVERSION_ID=\"10\"\n# comment").File("/proc/sys/kernel/hostname", "db01").File("/proc/sys/kernel/osrelease", "4.19.0-27-amd64")
            .File("/proc/uptime", "98765.43 12.00").File("/etc/resolv.conf", "; made by hand\nsearch old.example\nnameserver 192.0.2.53\nsearch example.org example.net")
            .File("/sys/class/net/lo/type", "772").File("/sys/class/net/lo/address", "00:00:00:00:00:00")
            .File("/sys/class/net/eno1/address", "00:11:22:33:44:aa").File("/sys/class/net/eno1/operstate", "up").Link("/sys/class/net/eno1/device/driver", "../../../bus/pci/drivers/igb")
            .File("/sys/class/net/br0/address", "00:11:22:33:44:ab").File("/sys/class/net/br0/operstate", "down")
            .File("/proc/net/route", "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\nenO\nENO\neno1\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\neno1\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0")
            .File("/proc/net/ipv6_route", "20010db8000000000000000000000000 40 00000000000000000000000000000000 00 00000000000000000000000000000000 00000100 00000001 00000000 00000001     eno1\n00000000000000000000000000000001 80 00000000000000000000000000000000 00 00000000000000000000000000000000 00000000 00000001 00000000 80200001       lo")
            .Folder("/sys/fs/cgroup/system.slice/ssh.service").Folder("/sys/fs/cgroup/system.slice/cron.service").Folder("/sys/fs/cgroup/system.slice/system-postgresql.slice/postgresql@11-main.service")
            .Link("/etc/systemd/system/multi-user.target.wants/ssh.service", "/lib/systemd/system/ssh.service").Link("/etc/systemd/system/multi-user.target.wants/tuned.service", "/lib/systemd/system/tuned.service");
    }
}
