using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Transfer;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;
using Ferry.Hosting.Documents.Sqlite;
using Ferry.Testing;
using Ferry.Transfer.Bandwidth;
using Ferry.Transfer.Fetching;
using Ferry.Transfer.Jobs;
using Ferry.Transfer.Sources;

namespace Ferry.Transfer.Tests.Fetching;

/// <summary>A raw disk on a web server, and its captured manifest.</summary>
internal sealed class RemoteDisk : IAsyncDisposable
{
    public const int ChunkSize = 64 << 10;
    public const int Chunks = 120;
    public const int Size = ((Chunks - 1) * ChunkSize) + 512;
    private readonly TemporaryFolder folder = new();
    private readonly FolderChunkStore store;
    private readonly SqliteDocumentStore documents;
    private FreeSlots? slots;

    private RemoteDisk(ImageServer server, FolderChunkStoreOptions? options)
    {
        Server = server;
        store = new FolderChunkStore(folder.At("store"), options);
        documents = new SqliteDocumentStore(folder.At("documents.db"), TimeProvider.System);
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

    public FakeJobContext<RunTransfer> Job(FakeJobContext<RunTransfer>? before = null) => new(ConversionId, new RunTransfer { Id = "1" }, before);

    /// <summary>The file of one of the disk's chunks.</summary>
    public async Task<string> FileOfAsync(string manifest, long chunk)
    {
        var name = (await (await Manifests.OpenAsync(ChunkId.Parse(manifest))).GetAsync(chunk)).Id.ToString();
        return folder.At($"store/chunks/{name[..2]}/{name[2..4]}/{name}");
    }

    public void RevokeAll(bool now) => slots?.RevokeAll(now);

    public async Task<(string Manifest, ByteCounts Bytes)> TransferAsync(FakeJobContext<RunTransfer> job, string? known = null) =>
        await TryTransferAsync(job, known) ?? throw new InvalidOperationException("A connection was asked back.");

    public async Task<(string Manifest, ByteCounts Bytes)?> TryTransferAsync(FakeJobContext<RunTransfer> job, string? known = null)
    {
        var token = TestContext.Current.CancellationToken;
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        using var files = new HttpRemoteFiles(new SourceGuard(Microsoft.Extensions.Options.Options.Create(Sources)), options, TimeProvider.System);
        using var scheduler = new BandwidthScheduler(TimeProvider.System);
        var traffic = new SourceTraffic(scheduler, scheduler.Begin(TransferPriority.Normal, []), null);
        var manifest = await Manifests.OpenAsync(Manifest, token);
        if (known is not null)
        {
            manifest = await KnownChunks.ApplyAsync(Manifests, manifest, ChunkId.Parse(known), token);
        }

        var plan = new FetchPlan(job, 0, Server.Location, manifest, new ReceivingLog(documents), Options, _ => { });
        slots = new FreeSlots(Options.Connections);
        try
        {
            var finished = await FileFetch.RunAsync(
                plan,
                async cancellation => await RemoteImage.OpenAsync(manifest.Header, await files.OpenAsync(manifest.Header.Origin!.Location, traffic, cancellation), cancellation),
                new ChunkStoreSink(store),
                slots,
                TimeProvider.System,
                token);
            if (!finished)
            {
                return null;
            }
        }
        catch (Exception exception) when (TransferFailures.Knows(exception))
        {
            throw TransferFailures.From(exception, "job-1");
        }

        var slices = await plan.SlicesAsync(token);
        var complete = await FileFetch.CompleteAsync(plan, Manifests, plan.Entries(slices), token);
        return (complete.Root.ToString(), slices.Aggregate(new ByteCounts(), (sum, slice) => sum + slice.Bytes));
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
        documents.Dispose();
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
