namespace Ferry.Fixup.Guests.Windows;

/// <summary>The drivers of virtio-win, unpacked from its ISO image or its RPM package into a folder of the worker. A missing folder offers nothing.</summary>
/// <param name="folder">The folder, or null.</param>
public sealed class VirtioWin(string? folder)
{
    private const long MaximumFile = 64 * 1024 * 1024;

    /// <summary>Driver of the disk that the guest boots from.</summary>
    public const string BootDriver = "viostor";

    /// <summary>Where the guest gets the files, from its Windows folder.</summary>
    public const string GuestFolder = "Drivers/VirtIO";

    /// <summary>Where it stands in a library share; the dot keeps the name free for machines. Null without a library.</summary>
    public static string? FolderIn(string? library) => library is null ? null : Path.Combine(library, ".virtio-win");

    /// <summary>The installer of QEMU's guest agent for an architecture as the inspection names it, or null.</summary>
    public string? GuestAgent(string architecture) =>
        folder is not null && architecture is "x86_64" or "i386" && Path.Combine(folder, "guest-agent", $"qemu-ga-{architecture}.msi") is var file && File.Exists(file) ? file : null;

    /// <summary>Files of a guest by lower-case name: those of its system, else of the nearest older one; none where the boot driver is not offered for it.</summary>
    /// <param name="guest">The guest.</param>
    /// <param name="architecture">Its architecture as the inspection names it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<IReadOnlyDictionary<string, byte[]>> SelectAsync(WindowsGuest guest, string architecture, CancellationToken cancellationToken)
    {
        var paths = Paths(WindowsVersions.VirtioFolders(guest), architecture);
        var files = new SortedDictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var (name, path) in paths)
        {
            if (new FileInfo(path).Length <= MaximumFile)
            {
                files[name] = await File.ReadAllBytesAsync(path, cancellationToken);
            }
        }

        return files;
    }

    private static bool IsWanted(string path, string name) =>
        Path.GetExtension(name) != ".pdb" && !name.StartsWith("vioprot.", StringComparison.Ordinal) && !path.Contains("/sriov/", StringComparison.Ordinal);

    private IReadOnlyList<(string Name, string Path)> Paths(IReadOnlyList<string> systems, string architecture)
    {
        var machine = architecture switch { "x86_64" => "amd64", "i386" => "x86", "aarch64" => "arm64", _ => null };
        if (folder is null || machine is null || !Directory.Exists(folder))
        {
            return [];
        }

        var all = Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Select(p => (Path: p, Lower: "/" + Path.GetRelativePath(folder, p).Replace('\\', '/').ToLowerInvariant())).OrderBy(p => p.Lower, StringComparer.Ordinal).ToList();
        foreach (var system in systems.Select(s => s.ToLowerInvariant()))
        {
            var found = all.Where(p => p.Lower.Contains($"/{system}/", StringComparison.Ordinal) && p.Lower.Contains($"/{machine}/", StringComparison.Ordinal))
                .Select(p => (Name: Path.GetFileName(p.Lower), p.Path, p.Lower)).Where(p => IsWanted(p.Lower, p.Name)).DistinctBy(p => p.Name).ToList();
            if (found.Any(p => p.Name == BootDriver + ".sys"))
            {
                // Both claim one device; qemufwcfg is the stub.
                var isStub = found.Any(p => p.Name == "fwcfg.inf") && found.Any(p => p.Name == "qemufwcfg.inf");
                return [.. found.Where(p => !isStub || !p.Name.StartsWith("qemufwcfg.", StringComparison.Ordinal)).Select(p => (p.Name, p.Path))];
            }
        }

        return [];
    }
}
