using Ferry.Contracts;
using Ferry.DiskImages;
using Ferry.DiskImages.FileSystems;
using Ferry.DiskImages.Sources;

namespace Ferry.Agent.Inventory.Disks;

/// <summary>Reads partitions, volume groups and file systems from the disks themselves, all disks together as a volume group may span them. No tool of the system is run.</summary>
internal static class VolumeReader
{
    private const int MostFindings = 100;

    /// <summary>The disks with what is on them. One that cannot be read is a finding.</summary>
    public static async Task<(IReadOnlyList<DiskInventory> Disks, IReadOnlyList<Finding> Findings)> ReadAsync(SystemRoot root, IReadOnlyList<DiskInventory> disks, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var open = new List<(int Index, IDiskImageReader Disk)>();
        try
        {
            for (var i = 0; i < disks.Count; i++)
            {
                try
                {
                    var disk = await OpenAsync(root.PathOf(disks[i].Path), cancellationToken);
                    open.Add((i, disk));

                    // An empty drive, or a disk that fails, shows at the first byte.
                    await disk.ReadAsync(0, new byte[Math.Min(disk.Capacity, 4096)], cancellationToken);
                }
                catch (DiskImageException exception)
                {
                    findings.Add(Unreadable(disks[i], exception));
                    if (open.Count > 0 && open[^1].Index == i)
                    {
                        await open[^1].Disk.DisposeAsync();
                        open.RemoveAt(open.Count - 1);
                    }
                }
            }

            var all = disks.ToArray();
            var maps = await UsedBlockMap.ReadAllAsync([.. open.Select(disk => disk.Disk)], null, cancellationToken);
            foreach (var ((index, _), map) in open.Zip(maps))
            {
                var disk = disks[index];
                all[index] = disk with { PartitionScheme = map.Partitions.Scheme.ToString().ToLowerInvariant(), Volumes = [.. map.Volumes.Select(VolumeInventory.Of)] };
                findings.AddRange(map.Findings.Take(MostFindings).Select(found => AgentFindings.Inform(found.Code, $"{disk.Path}, {found.Volume}: {found.Message}", "What is not understood is moved as a whole.")));
            }

            return (all, findings);
        }
        finally
        {
            foreach (var (_, disk) in open)
            {
                await disk.DisposeAsync();
            }
        }
    }

    /// <summary>Opens a disk or a raw image of one by its path; whatever it looks like, it is the disk itself.</summary>
    /// <exception cref="DiskImageException">It cannot be opened.</exception>
    public static async Task<IDiskImageReader> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var files = LocalImageFiles.ForImage(path, out var name);
        return await DiskImage.OpenAsync(files, name, DiskImageFormat.Raw, cancellationToken);
    }

    private static Finding Unreadable(DiskInventory disk, DiskImageException exception) =>
        AgentFindings.Warn(AgentFindings.DiskUnreadable, $"{disk.Path} cannot be read: {exception.Message}", "Run the agent as root; if it is root, check the disk.");
}
