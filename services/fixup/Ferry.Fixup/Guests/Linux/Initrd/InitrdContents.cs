namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>What an initial RAM disk holds for one kernel: its modules, extracted for the index, and where they stand.</summary>
/// <param name="ModuleFolder">Folder of the kernel's modules in it (<c>usr/lib/modules/6.1.0-x</c>), never through a link.</param>
/// <param name="ModulePaths">The modules' paths relative to that folder.</param>
/// <param name="Entries">Number of entries that were read.</param>
/// <param name="Resume">Content of <c>conf/conf.d/resume</c>, or null.</param>
public sealed record InitrdContents(string ModuleFolder, IReadOnlySet<string> ModulePaths, int Entries, string? Resume)
{
    private const string ResumeFile = "conf/conf.d/resume";
    private const int ResumeLimit = 4096;
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
        string? resume = null;
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

                if (path == ResumeFile && entry.Size <= ResumeLimit)
                {
                    using var text = new MemoryStream();
                    reader.CopyContentTo(text);
                    resume = System.Text.Encoding.Latin1.GetString(text.ToArray());
                }
                else if (Array.Find(folders, f => path.StartsWith(f, StringComparison.Ordinal)) is { } inside)
                {
                    folder ??= inside.TrimEnd('/');
                    TakeModule(reader, entry, path[inside.Length..], modules, extractTo);
                }
            }
        }

        return new InitrdContents(folder ?? folders[libIsLink ? 0 : 1].TrimEnd('/'), modules, entries, resume);
    }

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
