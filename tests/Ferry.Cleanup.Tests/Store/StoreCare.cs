using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Cleanup.Store;
using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Documents.Sqlite;
using Ferry.Hosting.Jobs;
using Ferry.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Ferry.Cleanup.Tests.Store;

/// <summary>A real chunk store and real documents; the test plays the services.</summary>
public sealed class StoreCare : IStoreQuestions, IFaultPoints, IDisposable
{
    public const int ChunkSize = 64 << 10;
    private readonly TemporaryFolder folder = new();
    private readonly IDocumentStore documents;

    /// <summary>On documents of one's own, or on SQLite.</summary>
    public StoreCare(IDocumentStore? documents = null)
    {
        this.documents = documents ??= new SqliteDocumentStore(folder.At("state.db"));
        Chunks = new FolderChunkStore(folder.At("chunks"));
        Manifests = new ManifestStore(Chunks);
        Tasks = new StoreTasks(documents, TimeProvider.System);
    }

    public FolderChunkStore Chunks { get; }

    public ManifestStore Manifests { get; }

    public StoreTasks Tasks { get; }

    public CollectionOptions Options { get; } = new() { Grace = TimeSpan.FromHours(2), Lease = TimeSpan.FromSeconds(2), AnswerTimeout = TimeSpan.FromSeconds(1) };

    /// <summary>What each service answers; one that is not here does not answer.</summary>
    public Dictionary<string, string[]> Live { get; } = new() { ["capture"] = [], ["transfer"] = [], ["fixup"] = [], ["conversion"] = [], ["orchestrator"] = [] };

    /// <summary>The services in the order they were asked.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>What happens when everything is marked and nothing is swept.</summary>
    public Action OnMarked { get; set; } = () => { };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Hit(string name) => OnMarked();

    public async Task AskAsync(ListLiveManifests question, CancellationToken cancellationToken)
    {
        Asked.AddRange(question.Services);
        foreach (var service in question.Services.Where(Live.ContainsKey))
        {
            await Tasks.AnswerAsync(new LiveManifestsListed { CollectionId = question.CollectionId, Service = service, Manifests = Live[service] }, cancellationToken);
        }
    }

    /// <summary>One replica.</summary>
    public StoreTaskRunner Runner(string kind)
    {
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        IStoreWork work = kind == StoreTaskKind.Verification
            ? new StoreVerification(Chunks, TimeProvider.System)
            : new GarbageCollection(
                Manifests,
                new LiveManifestQuery(this, Microsoft.Extensions.Options.Options.Create(new CleanUpOptions()), options, TimeProvider.System),
                options,
                this,
                TimeProvider.System);
        return new StoreTaskRunner(work, documents, Tasks, options, TimeProvider.System, NullLogger<StoreTaskRunner>.Instance);
    }

    /// <summary>Asks for a run, does it, and returns how it ended.</summary>
    public async Task<StoreTask> RunAsync(string kind, bool dryRun = false)
    {
        await Tasks.RequestAsync(kind, dryRun, Token);
        using var runner = Runner(kind);
        Assert.True(await runner.RunOnceAsync(Token));
        return (await Tasks.GetAsync(kind, Token))!;
    }

    /// <summary>Stores a disk of so many random chunks.</summary>
    public async Task<ChunkId> DiskAsync(int seed, int chunks = 3)
    {
        using var writer = Manifests.CreateWriter((long)chunks * ChunkSize, ChunkSize, 512, origin: null);
        for (var i = 0; i < chunks; i++)
        {
            var data = new byte[ChunkSize];
            new Random((seed * 1000) + i).NextBytes(data);
            await writer.AppendAsync(new ManifestEntry(ChunkState.Stored, (await Chunks.PutAsync(data, Token)).Id), Token);
        }

        return await writer.CompleteAsync(Token);
    }

    /// <summary>Makes everything in the store look as if it had been used last so long ago.</summary>
    public void Age(TimeSpan age)
    {
        foreach (var file in Directory.GetFiles(folder.At("chunks/chunks"), "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, TimeProvider.System.GetUtcNow().UtcDateTime - age);
        }
    }

    /// <summary>Damages a chunk's file.</summary>
    public void Damage(ChunkId id)
    {
        var path = folder.At($"chunks/chunks/{id.ToString()[..2]}/{id.ToString()[2..4]}/{id}");
        var content = File.ReadAllBytes(path);
        content[^1] ^= 1;
        File.WriteAllBytes(path, content);
    }

    public void Dispose()
    {
        Chunks.Dispose();
        (documents as IDisposable)?.Dispose();
        folder.Dispose();
    }
}
