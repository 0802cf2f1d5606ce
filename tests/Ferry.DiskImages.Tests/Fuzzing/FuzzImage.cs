using Xunit;

namespace Ferry.DiskImages.Tests.Fuzzing;

/// <summary>An image to damage.</summary>
internal sealed record FuzzImage
{
    /// <summary>Its files, its parents among them, by name.</summary>
    public required IReadOnlyDictionary<string, byte[]> Files { get; init; }

    /// <summary>The file to open.</summary>
    public required string Image { get; init; }

    /// <summary>The files to damage, one in each round; null: the image itself.</summary>
    public IReadOnlyList<string>? Damaged { get; init; }

    /// <summary>Places where damage does most, in the image.</summary>
    public IReadOnlyList<(int Offset, int Length)> Hot { get; init; } = [];

    /// <summary>Makes damage believed: sets the checksums of what was damaged. It must not fail, whatever it is given.</summary>
    public Action<byte[]> Mend { get; init; } = _ => { };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>An image that stands in a folder with all its files.</summary>
    public static async Task<FuzzImage> LoadAsync(string path)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(path)!))
        {
            files[Path.GetFileName(file)] = await File.ReadAllBytesAsync(file, Token);
        }

        return new FuzzImage { Files = files, Image = Path.GetFileName(path) };
    }

    /// <summary>An image of one file.</summary>
    public static FuzzImage Of(byte[] bytes, params (int Offset, int Length)[] hot) => new() { Files = new Dictionary<string, byte[]> { ["a"] = bytes }, Image = "a", Hot = hot };

    /// <summary>Damages and reads it.</summary>
    public async Task RunAsync(int rounds)
    {
        // As it is it can be read, or the rounds show nothing.
        await ReadAllAsync(Files, Token);
        var names = Damaged ?? [Image];
        var mutations = names.Select(name => new Mutation(Files[name], name == Image || names.Count == 1 ? [.. Hot] : [])).ToArray();
        await Fuzz.RunAsync(
            rounds,
            random =>
            {
                var index = random.Next(names.Count);
                var bytes = mutations[index].Apply(random);
                Mend(bytes);
                return new Dictionary<string, byte[]>(Files) { [names[index]] = bytes };
            },
            ReadAllAsync);
    }

    /// <summary>All tables, all extents, and the first data of many of them: a claimed size may be far more than can be read.</summary>
    private async Task ReadAllAsync(IReadOnlyDictionary<string, byte[]> files, CancellationToken token)
    {
        await using var memory = new MemoryImageFiles(files);
        await using var reader = await DiskImage.OpenAsync(memory, Image, cancellationToken: token);

        // An image that is damaged is a result here, whatever is wrong with it.
        await ImageChecker.CheckAsync(reader, cancellationToken: token);
        var buffer = new byte[1 << 20];
        var reads = 0;
        await foreach (var extent in reader.GetExtentsAsync(0, reader.Capacity, token))
        {
            if (extent.Kind == ExtentKind.Data && reads++ < 32)
            {
                await reader.ReadAsync(extent.Offset, buffer.AsMemory(0, (int)Math.Min(reads == 1 ? buffer.Length : 200_000, extent.Length)), token);
            }
        }
    }
}
