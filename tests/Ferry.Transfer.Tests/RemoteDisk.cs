using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Transfer;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;
using Ferry.Testing;
using Ferry.Transfer.Sources;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Tests;

/// <summary>A raw disk on a web server, and its captured manifest.</summary>
internal sealed class RemoteDisk : IAsyncDisposable
{
    public const int ChunkSize = 64 << 10;
    public const int Chunks = 120;
    public const int Size = ((Chunks - 1) * ChunkSize) + 512;
    private readonly TemporaryFolder folder = new();
    private readonly FolderChunkStore store;

    private RemoteDisk(ImageServer server, FolderChunkStoreOptions? options)
    {
        Server = server;
        store = new FolderChunkStore(folder.At("store"), options);
        Manifests = new ManifestStore(store);
    }

    public ImageServer Server { get; }

    public Guid ConversionId { get; } = Guid.NewGuid();

    public ManifestStore Manifests { get; }

    public TransferOptions Options { get; } = new() { Connections = 4, MaxSliceChunks = 5, ReadBytes = 2 * ChunkSize, IdleTimeout = TimeSpan.FromSeconds(2) };

    public SourcesOptions Sources { get; } = new();

    public ChunkId Manifest { get; private set; }

    public static async Task<RemoteDisk> CreateAsync(FolderChunkStoreOptions? options = null)
    {
        var content = new byte[Size];
        for (var chunk = 0; chunk < Chunks; chunk++)
        {
            // Chunks 20-29 are zero; 40-49 are all the same.
            if (chunk is < 20 or >= 30)
            {
                new Random(chunk is >= 40 and < 50 ? 40 : chunk).NextBytes(content.AsSpan(chunk * ChunkSize, Math.Min(ChunkSize, Size - (chunk * ChunkSize))));
            }
        }

        var disk = new RemoteDisk(await ImageServer.StartAsync(content), options);
        await disk.CaptureAsync();
        return disk;
    }

    public FakeJobContext<TransferDisk> Job(FakeJobContext<TransferDisk>? before = null) =>
        new(ConversionId, new TransferDisk { ConversionId = ConversionId, Attempt = 1, Disk = 0, Manifest = Manifest.ToString() }, before);

    /// <summary>A job that brings again what the store lost.</summary>
    public FakeJobContext<TransferDisk> RepairJob(string known) => new(
        ConversionId, new TransferDisk { ConversionId = ConversionId, Attempt = 2, Disk = 0, Manifest = Manifest.ToString(), KnownManifest = known });

    /// <summary>The file of one of the disk's chunks.</summary>
    public async Task<string> FileOfAsync(string manifest, long chunk)
    {
        var name = (await (await Manifests.OpenAsync(ChunkId.Parse(manifest))).GetAsync(chunk)).Id.ToString();
        return folder.At($"store/chunks/{name[..2]}/{name[2..4]}/{name}");
    }

    public async Task<DiskTransferred> TransferAsync(FakeJobContext<TransferDisk> job)
    {
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        using var files = new HttpRemoteFiles(new SourceGuard(Microsoft.Extensions.Options.Options.Create(Sources)), options);
        return (DiskTransferred)await new TransferDiskHandler(Manifests, files, options, TimeProvider.System).RunAsync(job, TestContext.Current.CancellationToken);
    }

    /// <summary>The bytes that a manifest's chunks have in the store.</summary>
    public async Task<byte[]> ReadAsync(string manifest)
    {
        var reader = await Manifests.OpenAsync(ChunkId.Parse(manifest));
        var bytes = new byte[reader.Header.Size];
        for (var chunk = 0; chunk < reader.Header.ChunkCount; chunk++)
        {
            var entry = await reader.GetAsync(chunk);
            if (entry.State == ChunkState.Stored)
            {
                await store.ReadAsync(entry.Id, bytes.AsMemory(chunk * ChunkSize, reader.Header.LengthOf(chunk)));
            }
            else
            {
                Assert.Equal(ChunkState.Zero, entry.State);
            }
        }

        return bytes;
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        store.Dispose();
        folder.Dispose();
    }

    private async Task CaptureAsync()
    {
        using var client = HttpImageFiles.CreateClient();
        await using var files = new HttpImageFiles(new Uri(Server.Location), client);
        await using var reader = await DiskImage.OpenAsync(files, "disk.raw", DiskImageFormat.Raw);
        var origin = new ManifestOrigin { Location = Server.Location, Image = "disk.raw", Format = DiskImageFormat.Raw, Pins = [.. reader.Pins] };
        Manifest = await ImageManifest.CaptureAsync(reader, origin, Manifests, ChunkSize);
    }
}
