using System.Globalization;
using System.Text.RegularExpressions;
using Ferry.TestServices;

[assembly: Xunit.AssemblyFixture(typeof(Ferry.EndToEnd.Tests.Distributed.Faults.FaultLab))]

namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>
/// One distributed Ferry for many runs: broker and store behind proxies that can cut connections, chunks on a small file system of their own, short leases and delays. It is started when it
/// is first needed, and anew after a run that failed.
/// </summary>
public sealed partial class FaultLab : IAsyncDisposable
{
    /// <summary>Length of a lease.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    private const string ChunkSpace = "160m";

    private readonly TempFolder folder = new("faults");
    private DistributedFerry? ferry;
    private CuttingProxy? broker;
    private CuttingProxy? store;
    private FolderWebServer? web;
    private bool mounted;

    /// <summary>The services.</summary>
    public DistributedFerry Ferry => ferry ?? throw new InvalidOperationException("Call ReadyAsync first.");

    /// <summary>The source.</summary>
    internal FolderWebServer Web => web ?? throw new InvalidOperationException("Call ReadyAsync first.");

    /// <summary>What the runs have come to.</summary>
    internal FaultTable Table { get; } = new();

    /// <summary>Digests of raw disks that the test has computed; that of the sample machine is needed often.</summary>
    internal Dictionary<string, string> Digests { get; } = [];

    /// <summary>Folder of the chunk store.</summary>
    public string Chunks => folder.File("chunks");

    /// <summary>Whether the chunk store has a small file system of its own; only root can mount one.</summary>
    public bool CanFillStore => mounted;

    /// <summary>Queues of the services that live as long as the services.</summary>
    public IReadOnlyList<string> Queues { get; private set; } = [];

    /// <summary>Connections to the broker when nothing goes on.</summary>
    public int UsualConnections { get; private set; }

    /// <summary>Most connections to the database that seven processes may have: the driver keeps those of its pools, and some for its heartbeats.</summary>
    public int MostStoreConnections => Ferry.Services.Count * 20;

    /// <summary>Connections to the broker now.</summary>
    public int Connections => broker!.Open;

    /// <summary>Connections to the database now.</summary>
    public int StoreConnections => store?.Open ?? 0;

    /// <summary>A file of the lab.</summary>
    public string File(string name) => folder.File(name);

    /// <summary>Starts everything, if it does not run.</summary>
    public async Task ReadyAsync()
    {
        if (ferry is not null)
        {
            return;
        }

        Skip.If(RabbitMqServer.Missing);
        Skip.If(MongoServer.Missing);
        Directory.CreateDirectory(folder.File("web"));
        Directory.CreateDirectory(Chunks);
        if (Environment.IsPrivilegedProcess && !mounted)
        {
            await Commands.ToolAsync("mount", "-t", "tmpfs", "-o", $"size={ChunkSpace}", "tmpfs", Chunks);
            mounted = true;
        }

        web ??= await FolderWebServer.StartAsync(folder.File("web"));
        ferry = await DistributedFerry.StartAsync(Settings);
        UsualConnections = broker!.Open;
        Queues = [.. (await Ferry.Rabbit.QueuesAsync()).Keys.Where(queue => !OfAProcess().IsMatch(queue))];
    }

    /// <summary>Ends what a run has started in addition, and starts what it has ended.</summary>
    public async Task OnlyUsualServicesAsync()
    {
        foreach (var service in DistributedFerry.Names)
        {
            await Ferry.KeepOneAsync(service);
        }
    }

    /// <summary>Resets every connection to broker and database.</summary>
    public void CutConnections()
    {
        broker!.Cut();
        store?.Cut();
    }

    /// <summary>Ends everything: the next run begins with new services.</summary>
    public async Task ResetAsync()
    {
        if (ferry is not null)
        {
            await ferry.DisposeAsync();
            ferry = null;
        }

        foreach (var proxy in new[] { broker, store }.OfType<CuttingProxy>())
        {
            await proxy.DisposeAsync();
        }

        (broker, store) = (null, null);
        DeleteChunks();
    }

    /// <summary>Makes room in the chunk store; what has been converted needs it no more.</summary>
    public void DeleteChunks()
    {
        foreach (var chunk in ChunkFiles())
        {
            System.IO.File.Delete(chunk);
        }
    }

    /// <summary>The chunks in the store.</summary>
    public IReadOnlyList<string> ChunkFiles()
    {
        var chunks = Path.Combine(Chunks, "chunks");
        return Directory.Exists(chunks) ? [.. Directory.EnumerateFiles(chunks, "*", SearchOption.AllDirectories)] : [];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Table.Write();
        var left = await LeftInQueuesAsync();
        var logs = left.Count > 0 ? ferry?.Logs() : null;
        await ResetAsync();
        await (web?.DisposeAsync() ?? ValueTask.CompletedTask);
        if (mounted)
        {
            await Commands.ToolAsync("umount", "-l", Chunks);
        }

        folder.Dispose();
        if (left.Count > 0)
        {
            throw new InvalidOperationException($"Messages are left, ready or not acknowledged: {string.Join(", ", left)}\n{logs}");
        }
    }

    // Ready or not acknowledged; a message that is being handled is gone at one of the next looks.
    private async Task<IReadOnlyList<KeyValuePair<string, int>>> LeftInQueuesAsync()
    {
        IReadOnlyList<KeyValuePair<string, int>> left = [];
        for (var looks = 0; ferry is not null && looks < 10 && (looks == 0 || left.Count > 0); looks++)
        {
            left = [.. (await ferry.Rabbit.QueuesAsync()).Where(queue => queue.Value > 0)];
        }

        return left;
    }

    // A temporary queue, named after its process: for hints, which may be lost.
    [GeneratedRegex("_bus_|-[0-9a-f]{32}$")]
    private static partial Regex OfAProcess();

    private Dictionary<string, string?> Settings(RabbitMqServer rabbit, MongoServer mongo)
    {
        broker = new CuttingProxy(rabbit.Uri.Port);
        store = mongo.IsEmulator ? new CuttingProxy(new Uri(mongo.ConnectionString).Port) : null;
        return new()
        {
            ["Ferry__Bus__Uri"] = new UriBuilder(rabbit.Uri) { Port = broker.Port }.Uri.AbsoluteUri,
            ["Ferry__Store__ConnectionString"] = store is null ? mongo.ConnectionString : string.Create(CultureInfo.InvariantCulture, $"mongodb://127.0.0.1:{store.Port}/"),
            ["Ferry__Chunks__Path"] = Chunks,
            ["Ferry__Chunks__ReserveBytes"] = "0",
            ["Ferry__Jobs__RetryBaseSeconds"] = "0.3",
            ["Ferry__Jobs__RetryMaxSeconds"] = "2",
            ["Ferry__Jobs__WaitRetrySeconds"] = "0.5",
            ["Ferry__Outbox__SweepSeconds"] = "1",
            ["Ferry__Bus__QueueDepthSeconds"] = "0", // A connection that comes later would be counted as one that is left.
            ["Ferry__Outbox__MinAgeSeconds"] = "2",
            ["Ferry__Transfer__MaxSliceChunks"] = "1",
            ["Ferry__Transfer__MinimumRetry"] = "00:00:00.2",
            ["Ferry__Transfer__MaximumRetry"] = "00:00:01",
            ["Ferry__Transfer__IdleTimeout"] = "00:00:01",
            ["Ferry__Conversion__MaxSliceChunks"] = "2",
        };
    }
}
