using Ferry.Agent.Inventory;

namespace Ferry.Agent.Tests.Inventory;

/// <summary>A tree of /proc, /sys and /etc as a test makes it.</summary>
internal sealed class SystemTree : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public SystemRoot Root => new(folder.Path);

    /// <summary>Writes a file; with what the kernel ends its files with.</summary>
    public SystemTree File(string path, string text)
    {
        System.IO.File.WriteAllText(At(path), text + "\n");
        return this;
    }

    public SystemTree Bytes(string path, byte[] content)
    {
        System.IO.File.WriteAllBytes(At(path), content);
        return this;
    }

    public SystemTree Folder(string path)
    {
        Directory.CreateDirectory(Path.Join(folder.Path, path));
        return this;
    }

    public SystemTree Link(string path, string target)
    {
        System.IO.File.CreateSymbolicLink(At(path), target);
        return this;
    }

    /// <summary>A disk of a SATA controller, with partitions.</summary>
    public SystemTree SataDisk(string name, string number, long sectors, params (string Name, string Number)[] partitions)
    {
        var device = $"/sys/devices/pci0000:00/0000:00:1f.2/ata1/host0/target0:0:0/0:0:0:0/block/{name}";
        Folder(device).File($"{device}/size", $"{sectors}").File($"{device}/dev", number).File($"{device}/removable", "0").Folder($"{device}/holders")
            .File($"{device}/queue/rotational", "1").File($"{device}/queue/logical_block_size", "512").File($"{device}/device/model", "ST1000  ")
            .File($"{device}/device/vendor", "ATA     ").Bytes($"{device}/device/vpd_pg80", [0, 0x80, 0, 8, .. "  ABC123"u8]).File($"{device}/stat", "1 2 3 4 5 6 4711 8 9 10 11");
        foreach (var partition in partitions)
        {
            File($"{device}/{partition.Name}/partition", "1").File($"{device}/{partition.Name}/dev", partition.Number).Folder($"{device}/{partition.Name}/holders");
            File($"/sys/class/block/{partition.Name}/dev", partition.Number);
        }

        return Link($"/sys/block/{name}", $"..{device["/sys".Length..]}").File($"/sys/class/block/{name}/dev", number);
    }

    public string At(string path)
    {
        var full = Path.Join(folder.Path, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        return full;
    }

    public void Dispose() => folder.Dispose();
}
