using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Conversion;
using Ferry.Conversion.Images;
using Ferry.Conversion.Targets;
using Ferry.Conversion.Targets.HyperV;
using Ferry.Conversion.Targets.Raw;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;
using Ferry.Testing;
using Microsoft.Extensions.Options;

namespace Ferry.Conversion.Tests.Support;

/// <summary>A raw source disk with data, zeros and holes, its captured manifest, and one in which a fix-up has changed chunks.</summary>
internal sealed class TestDisk : IDisposable
{
    public const int ChunkSize = 64 << 10;
    public const int Chunks = 100;
    public const long Size = ((Chunks - 1) * ChunkSize) + (3 * 512);
    private readonly TemporaryFolder folder = new();
    private readonly FolderChunkStore store;

    private TestDisk()
    {
        store = new FolderChunkStore(folder.At("store"));
        Manifests = new ManifestStore(store);
    }

    public Guid ConversionId { get; } = Guid.Parse("6f1d2c3b-0000-4000-8000-000000000001");

    public ManifestStore Manifests { get; }

    public IReadOnlyList<(int First, int Count)> Unused { get; private init; } = [];

    /// <summary>The source as it was captured: what is unused is zero.</summary>
    public byte[] Source { get; } = new byte[Size];

    /// <summary>What the image should hold.</summary>
    public byte[] Expected { get; private set; } = [];

    public string SourcePath => folder.At("source", "disk.raw");

    public string Output => folder.At("out");

    public ChunkId Captured { get; private set; }

    public ChunkId FixedUp { get; private set; }

    public ConversionOptions Options { get; } = new() { Workers = 2, MaxSliceChunks = 5, ReserveBytes = 0 };

    public TargetDefinitions Targets { get; } = new([new HyperVTarget(), new RawDefinition()]);

    /// <summary>Makes the disk.</summary>
    /// <param name="unused">Ranges of chunks that no file system uses, though they have data.</param>
    public static async Task<TestDisk> CreateAsync(params (int First, int Count)[] unused)
    {
        var disk = new TestDisk { Unused = unused };
        await disk.MakeSourceAsync();
        await disk.CaptureAsync();
        await disk.FixUpAsync();
        return disk;
    }

    public ConvertDisk Command(string format = "vhdx") => new()
    {
        ConversionId = ConversionId, Attempt = 1, Disk = 0, Manifest = FixedUp.ToString(), CapturedManifest = Captured.ToString(), Format = format, MachineName = "web01", Output = Output,
    };

    public ConvertDiskHandler Handler() => new(Manifests, Targets, Outputs.Of(), Microsoft.Extensions.Options.Options.Create(Options), TimeProvider.System);

    public async Task<DiskConverted> ConvertAsync(FakeJobContext<ConvertDisk> job) =>
        (DiskConverted)await Handler().RunAsync(job, TestContext.Current.CancellationToken);

    public string StagedImage(string format = "vhdx") => Path.Combine(Output, ".ferry", ConversionId.ToString("N"), $"web01-disk0.{(format == "raw" ? "img" : format)}");

    public static byte[] Bytes(int seed, int length = ChunkSize)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    /// <summary>Data in chunks 0-39 and 60-99, explicit zeros in 10-14, a hole in 40-59.</summary>
    private async Task MakeSourceAsync()
    {
        Directory.CreateDirectory(folder.At("source"));
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            if (chunk is (>= 10 and < 15) or (>= 40 and < 60))
            {
                continue;
            }

            var length = (int)Math.Min(ChunkSize, Size - ((long)chunk * ChunkSize));
            Bytes(chunk, length).CopyTo(Source, chunk * ChunkSize);
        }

        using var file = File.OpenHandle(SourcePath, FileMode.Create, FileAccess.Write);
        RandomAccess.SetLength(file, Size);
        await RandomAccess.WriteAsync(file, Source.AsMemory(0, 40 * ChunkSize), 0);
        await RandomAccess.WriteAsync(file, Source.AsMemory(60 * ChunkSize), 60L * ChunkSize);
    }

    private async Task CaptureAsync()
    {
        await using var files = LocalImageFiles.ForImage(SourcePath, out var name);
        await using var reader = await DiskImage.OpenAsync(files, name, DiskImageFormat.Raw);
        var origin = new ManifestOrigin { Location = Path.GetDirectoryName(SourcePath)!, Image = name, Format = DiskImageFormat.Raw, Pins = [.. reader.Pins] };
        Captured = await ImageManifest.CaptureAsync(reader, origin, Manifests, [.. Unused.Select(range => new DiskRange((long)range.First * ChunkSize, (long)range.Count * ChunkSize))], ChunkSize);
        foreach (var (first, count) in Unused)
        {
            Source.AsSpan(first * ChunkSize, count * ChunkSize).Clear();
        }
    }

    /// <summary>The fix-up writes chunks 3, 4, 50 (was a hole) and stores chunk 70 with the bytes it had.</summary>
    private async Task FixUpAsync()
    {
        Expected = [.. Source];
        var captured = await Manifests.OpenAsync(Captured);
        using var writer = Manifests.CreateWriter(Size, ChunkSize, 512, captured.Header.Origin);
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            if (chunk is not (3 or 4 or 50 or 70))
            {
                await writer.AppendAsync(await captured.GetAsync(chunk));
                continue;
            }

            var bytes = chunk == 70 ? Bytes(70) : Bytes(1000 + chunk);
            bytes.CopyTo(Expected, chunk * ChunkSize);
            var (id, _) = await store.PutAsync(bytes);
            await writer.AppendAsync(new ManifestEntry(ChunkState.Stored, id));
        }

        FixedUp = await writer.CompleteAsync();
    }

    /// <summary>The digest of bytes, computed by another way than the service's.</summary>
    public static string DigestOf(byte[] disk)
    {
        using var hash = System.Security.Cryptography.IncrementalHash.CreateHash(System.Security.Cryptography.HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes((long)disk.Length));
        hash.AppendData(BitConverter.GetBytes(ChunkSize));
        for (var offset = 0; offset < disk.Length; offset += ChunkSize)
        {
            hash.AppendData(System.Security.Cryptography.SHA256.HashData(disk.AsSpan(offset, Math.Min(ChunkSize, disk.Length - offset))));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    public static async Task<byte[]> ReadImageAsync(string path, DiskImageFormat format)
    {
        await using var files = LocalImageFiles.ForImage(path, out var name);
        await using var reader = await DiskImage.OpenAsync(files, name, format);
        var bytes = new byte[reader.Capacity];
        await reader.ReadAsync(0, bytes);
        return bytes;
    }
}
