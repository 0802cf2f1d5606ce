namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>What an initial RAM disk holds for one kernel: its modules, extracted for the index, and where they stand.</summary>
/// <param name="ModuleFolder">Folder of the kernel's modules in it (<c>usr/lib/modules/6.1.0-x</c>), never through a link.</param>
/// <param name="ModulePaths">The modules' paths relative to that folder.</param>
/// <param name="Entries">Number of entries that were read.</param>
/// <param name="Texts">Content of the configuration files that name devices or block modules, by path; of a file that is there twice, the last, which counts.</param>
public sealed record InitrdContents(string ModuleFolder, IReadOnlySet<string> ModulePaths, int Entries, IReadOnlyDictionary<string, string> Texts)
{
    /// <summary>The resume device, in those of initramfs-tools.</summary>
    public const string ResumeFile = "conf/conf.d/resume";

    /// <summary>LVM's configuration.</summary>
    public const string LvmConfiguration = "etc/lvm/lvm.conf";

    /// <summary>LVM's list of devices.</summary>
    public const string LvmDevices = "etc/lvm/devices/system.devices";

    private const int TextLimit = 256 * 1024;
    private const int MostTexts = 200;
    private static readonly string[] ModprobeFolders = ["etc/modprobe.d/", "lib/modprobe.d/", "usr/lib/modprobe.d/"];
    private const long ModuleLimit = 64 * 1024 * 1024;

    /// <summary>Reads it; constant memory.</summary>
    /// <param name="image">The file.</param>
    /// <param name="kernel">Version of the kernel.</param>
    /// <param name="extractTo">Folder that stands for the kernel's module folder and gets the modules, or null to look only.</param>
    /// <exception cref="InitrdException">It is damaged or breaks a limit.</exception>
    public static InitrdContents Read(InitrdImage image, string kernel, string? extractTo)
    {
        try
        {
            return ReadSegments(image, kernel, extractTo);
        }
        catch (Exception e) when (InitrdDecompressor.IsDamage(e))
        {
            throw new InitrdException($"The initial RAM disk is damaged: {e.Message}", e);
        }
    }

    private static InitrdContents ReadSegments(InitrdImage image, string kernel, string? extractTo)
    {
        var modules = new HashSet<string>(StringComparer.Ordinal);
        string[] folders = [$"usr/lib/modules/{kernel}/", $"lib/modules/{kernel}/"];
        string? folder = null;
        var libIsLink = false;
        var entries = 0;
        var texts = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var segment in image.Segments)
        {
            using var stream = image.Open(segment);
            var reader = new CpioReader(stream);
            while (reader.Next() is { } entry)
            {
                entries++;
                var path = entry.SafePath;
                libIsLink |= path == "lib" && entry.Type == CpioEntry.SymbolicLink;
                if (entry.Type != CpioEntry.RegularFile || path is null)
                {
                    continue;
                }

                if (IsConfiguration(path) && entry.Size <= TextLimit && (texts.ContainsKey(path) || texts.Count < MostTexts))
                {
                    using var text = new MemoryStream();
                    reader.CopyContentTo(text);
                    texts[path] = System.Text.Encoding.Latin1.GetString(text.ToArray());
                }
                else if (Array.Find(folders, f => path.StartsWith(f, StringComparison.Ordinal)) is { } inside)
                {
                    folder ??= inside.TrimEnd('/');
                    TakeModule(reader, entry, path[inside.Length..], modules, extractTo);
                }
            }
        }

        return new InitrdContents(folder ?? folders[libIsLink ? 0 : 1].TrimEnd('/'), modules, entries, texts);
    }

    private static bool IsConfiguration(string path) =>
        path is ResumeFile or LvmConfiguration or LvmDevices
        || (path.EndsWith(".conf", StringComparison.Ordinal) && Array.Exists(ModprobeFolders, f => path.StartsWith(f, StringComparison.Ordinal)));

    private static void TakeModule(CpioReader reader, CpioEntry entry, string path, HashSet<string> modules, string? extractTo)
    {
        if (!KernelModules.IsModulePath(path))
        {
            return;
        }

        if (entry.Size > ModuleLimit)
        {
            throw new InitrdException($"The module '{path}' has {entry.Size} bytes.");
        }

        modules.Add(path);
        if (extractTo is not null)
        {
            var file = Path.Combine(extractTo, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            using var output = File.Create(file);
            reader.CopyContentTo(output);
        }
    }
}
