using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Guests.Linux.Initrd;

/// <summary>
/// Adds kernel modules to an initial RAM disk: an archive of our own with the missing modules and a rebuilt index over old and new ones, which the kernel unpacks last. No code
/// of the guest is run.
/// </summary>
internal sealed class InitrdPatcher(GuestTree tree, string kernel, string moduleFolder, string scratch) : IDisposable
{
    private const long ModuleLimit = 64 * 1024 * 1024;
    private const long IndexLimit = 64 * 1024 * 1024;
    private static readonly string[] IndexInputs = ["modules.order", "modules.builtin", "modules.builtin.modinfo"];
    private readonly string _root = Directory.CreateDirectory(Path.Combine(scratch, "initrd-" + Guid.NewGuid().ToString("N"))).FullName;

    private string Folder => Path.Combine(_root, "lib", "modules", kernel);

    /// <summary>Reads the initial RAM disk and unpacks its modules.</summary>
    public InitrdContents Unpack(InitrdImage image) => InitrdContents.Read(image, kernel, Directory.CreateDirectory(Folder).FullName);

    /// <summary>The new file.</summary>
    /// <param name="image">The old file, unpacked before.</param>
    /// <param name="contents">What it holds.</param>
    /// <param name="missing">Paths of the modules to add, relative to the guest's module folder.</param>
    /// <param name="extraFiles">Other files to put in.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<byte[]> PatchAsync(
        InitrdImage image, InitrdContents contents, IReadOnlyList<string> missing, IReadOnlyDictionary<string, byte[]> extraFiles, CancellationToken cancellationToken)
    {
        if (contents.ModulePaths.Any(p => p.EndsWith(".gz", StringComparison.Ordinal)))
        {
            throw new InitrdException("Its modules are compressed with gzip, which the module index cannot be built from here.");
        }

        var added = new List<string>();
        foreach (var path in missing)
        {
            var module = await tree.ReadAsync($"{moduleFolder}/{path}", ModuleLimit, cancellationToken) ?? throw new InitrdException($"The guest's module {path} is not there.");
            var plain = path[..(path.LastIndexOf(".ko", StringComparison.Ordinal) + 3)];
            await WriteAsync(plain, Decompress(path, module), cancellationToken);
            added.Add(plain);
        }

        using var archive = new MemoryStream();
        var writer = new CpioWriter(archive);
        foreach (var (name, content) in extraFiles.OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            writer.AddFile(name, content);
        }

        if (added.Count > 0)
        {
            await IndexAsync(cancellationToken);
            foreach (var path in added.Concat(Directory.EnumerateFiles(Folder, "modules.*").Select(Path.GetFileName).OfType<string>()).Order(StringComparer.Ordinal))
            {
                writer.AddFile($"{contents.ModuleFolder}/{path}", await File.ReadAllBytesAsync(Path.Combine(Folder, path), cancellationToken));
            }
        }

        writer.Finish();
        return image.Append(archive.GetBuffer().AsSpan(0, (int)archive.Length));
    }

    /// <summary>Removes the temporary files.</summary>
    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static byte[] Decompress(string path, byte[] module)
    {
        var compression = Path.GetExtension(path) switch
        {
            ".xz" => InitrdCompression.Xz,
            ".zst" => InitrdCompression.Zstd,
            ".gz" => InitrdCompression.Gzip,
            _ => InitrdCompression.None,
        };
        try
        {
            using var stream = new BoundedReadStream(InitrdDecompressor.Open(compression, module), ModuleLimit);
            using var plain = new MemoryStream();
            stream.CopyTo(plain);
            return plain.ToArray();
        }
        catch (Exception e) when (InitrdDecompressor.IsDamage(e))
        {
            throw new InitrdException($"The guest's module {path} is damaged: {e.Message}", e);
        }
    }

    private async Task IndexAsync(CancellationToken cancellationToken)
    {
        foreach (var name in IndexInputs)
        {
            if (await tree.ReadAsync($"{moduleFolder}/{name}", IndexLimit, cancellationToken) is { } content)
            {
                await WriteAsync(name, content, cancellationToken);
            }
        }

        await ModuleIndex.BuildAsync(_root, kernel, cancellationToken);
    }

    private async Task WriteAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllBytesAsync(file, content, cancellationToken);
    }
}
