using System.Globalization;
using Ferry.Fixup.Tests.Engine;

namespace Ferry.Fixup.Tests.Windows.Disks;

/// <summary>A raw disk with a Windows volume that mkntfs and ntfs-3g have made, and with a boot volume: an EFI system partition on GPT, or "System Reserved" on MBR.</summary>
internal sealed class WindowsDiskImage(string folder)
{
    private const long MiB = 1024 * 1024;
    private const long BootStart = MiB;
    private const long BootSize = 40 * MiB;
    private const long SystemStart = BootStart + BootSize;
    private const int Sector = 512;

    public string Path { get; } = System.IO.Path.Combine(folder, "windows.raw");

    /// <summary>Where the boot volume is, as mtools name it.</summary>
    private string BootVolume => string.Create(CultureInfo.InvariantCulture, $"{Path}@@{BootStart}");

    /// <summary>Makes the disk.</summary>
    /// <param name="layout">Which partitions.</param>
    /// <param name="files">Files of the Windows volume.</param>
    /// <param name="boot">Files of the boot volume.</param>
    /// <param name="systemMiB">Size of the Windows volume.</param>
    public async Task BuildAsync(WindowsDiskLayout layout, IEnumerable<KeyValuePair<string, byte[]>> files, IReadOnlyDictionary<string, byte[]> boot, int systemMiB = 240)
    {
        var size = systemMiB * MiB;
        await SampleGuest.RunAsync("truncate", "-s", Text(SystemStart + size + MiB), Path);
        await PartitionAsync(layout, size);
        await FormatAsync(SystemStart, size, files);
        if (layout is WindowsDiskLayout.Gpt or WindowsDiskLayout.GptDynamic)
        {
            await SampleGuest.RunAsync("mkfs.vfat", "-F", "32", "-s", "1", "--offset", Text(BootStart / Sector), Path, Text(BootSize / 1024));
            foreach (var (path, content) in boot)
            {
                var file = System.IO.Path.Combine(folder, "boot-file");
                await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
                var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
                for (var i = 1; i < parts.Length; i++)
                {
                    await SampleGuest.TryRunAsync("mmd", "-i", BootVolume, "-D", "s", "::/" + string.Join('/', parts[..i]));
                }

                await SampleGuest.RunAsync("mcopy", "-i", BootVolume, file, "::" + path);
            }
        }
        else
        {
            await FormatAsync(BootStart, BootSize, boot);
        }
    }

    /// <summary>A file of the EFI system partition, by mtools.</summary>
    public async Task<byte[]> BootFileAsync(string path)
    {
        var file = System.IO.Path.Combine(folder, "boot-read");
        await SampleGuest.RunAsync("mcopy", "-n", "-o", "-i", BootVolume, "::" + path, file);
        return await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
    }

    /// <summary>Looks at the Windows volume by ntfs-3g, read-only.</summary>
    public async Task ReadAsync(Func<string, Task> look)
    {
        var copy = await CopyOutAsync();
        await using (var mounted = await NtfsFolder.MountAsync(copy, System.IO.Path.Combine(folder, "read"), "ro"))
        {
            await look(mounted.Folder);
        }

        File.Delete(copy);
    }

    /// <summary>What ntfssecaudit says about who may use a file of the Windows volume.</summary>
    public async Task<IReadOnlyList<string>> AuditAsync(params string[] paths)
    {
        var copy = await CopyOutAsync();
        var audits = new List<string>();
        foreach (var path in paths)
        {
            audits.Add(await SampleGuest.RunAsync("ntfssecaudit", copy, path));
        }

        File.Delete(copy);
        return audits;
    }

    /// <summary>The file systems as their own programs find them: every record of NTFS and its map of clusters, the FAT.</summary>
    public async Task CheckAsync(WindowsDiskLayout layout)
    {
        var copy = await CopyOutAsync();
        await SampleGuest.RunAsync("ntfsresize", "--info", "--force", "--no-progress-bar", copy);
        File.Delete(copy);
        if (layout is WindowsDiskLayout.Gpt)
        {
            await SampleGuest.RunAsync("dd", $"if={Path}", $"of={copy}", "bs=1M", Invariant($"skip={BootStart / MiB}"), Invariant($"count={BootSize / MiB}"), "status=none");
            await SampleGuest.RunAsync("fsck.vfat", "-n", copy);
            File.Delete(copy);
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private async Task<string> CopyOutAsync()
    {
        var copy = System.IO.Path.Combine(folder, "volume.img");
        await SampleGuest.RunAsync("dd", $"if={Path}", $"of={copy}", "bs=1M", Invariant($"skip={SystemStart / MiB}"), "conv=sparse", "status=none");
        return copy;
    }

    private async Task PartitionAsync(WindowsDiskLayout layout, long size)
    {
        var isGpt = layout is WindowsDiskLayout.Gpt or WindowsDiskLayout.GptDynamic;
        var (boot, system) = layout switch
        {
            WindowsDiskLayout.Gpt => ("C12A7328-F81F-11D2-BA4B-00A0C93EC93B", "EBD0A0A2-B9E5-4433-87C0-68B6B72699C7"),
            WindowsDiskLayout.GptDynamic => ("C12A7328-F81F-11D2-BA4B-00A0C93EC93B", "AF9B60A0-1431-4F62-BC68-3311714A69AD"),
            WindowsDiskLayout.MbrDynamic => ("42", "42"),
            _ => ("7", "7"),
        };
        var script = Invariant($"label: {(isGpt ? "gpt" : "dos")}\n{BootStart / Sector},{BootSize / Sector},{boot}\n{SystemStart / Sector},{size / Sector},{system}\n");
        await SampleGuest.RunAsync("bash", "-c", $"printf '{script.Replace("\n", "\\n", StringComparison.Ordinal)}' | sfdisk -q {Path}");
    }

    private async Task FormatAsync(long start, long size, IEnumerable<KeyValuePair<string, byte[]>> files)
    {
        var image = System.IO.Path.Combine(folder, "made.img");
        await SampleGuest.RunAsync("truncate", "-s", Text(size), image);
        await SampleGuest.RunAsync("mkntfs", "-F", "-Q", "-q", "-p", Text(start / Sector), "-s", "512", "-H", "255", "-S", "63", image);
        await using (var mounted = await NtfsFolder.MountAsync(image, System.IO.Path.Combine(folder, "made"), "rw"))
        {
            foreach (var (path, content) in files)
            {
                var place = mounted.Folder + path;
                Directory.CreateDirectory(System.IO.Path.GetDirectoryName(place)!);
                await File.WriteAllBytesAsync(place, content, TestContext.Current.CancellationToken);
            }
        }

        await SampleGuest.RunAsync("dd", $"if={image}", $"of={Path}", "bs=1M", Invariant($"seek={start / MiB}"), "conv=sparse,notrunc", "status=none");
        File.Delete(image);
    }
}
