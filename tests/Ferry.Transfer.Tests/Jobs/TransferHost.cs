using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ferry.Contracts.Transfer;
using Ferry.Hosting;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;
using Ferry.Testing;
using Ferry.Transfer.Api;
using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Ferry.Transfer.Tests.Jobs;

/// <summary>The transfer service with its REST API, an in-memory bus, SQLite and folders; may be stopped and started again over the same data.</summary>
internal sealed class TransferHost : IAsyncDisposable
{
    private readonly TemporaryFolder folder;
    private readonly bool ownsFolder;
    private readonly Dictionary<string, string?> settings;
    private WebApplication app = null!;
    private HttpClient http = null!;

    private TransferHost(Dictionary<string, string?> settings, TemporaryFolder? shared = null) =>
        (this.settings, folder, ownsFolder) = (settings, shared ?? new TemporaryFolder(), shared is null);

    public EventsConsumer.Log Events { get; } = new();

    /// <summary>What was logged.</summary>
    public ConcurrentQueue<string> Logged { get; } = new();

    public IServiceProvider Services => app.Services;

    /// <summary>Address of the REST API; another one after every start.</summary>
    public Uri Address => http.BaseAddress!;

    public string Chunks => folder.At("chunks");

    public string Library => folder.At("library");

    public string Database => folder.At("ferry.db");

    public static async Task<TransferHost> StartAsync(params (string Key, string Value)[] settings)
    {
        var host = new TransferHost(settings.ToDictionary(pair => pair.Key, pair => (string?)pair.Value));
        Directory.CreateDirectory(host.Library);
        await host.StartAgainAsync();
        return host;
    }

    /// <summary>Another process over the same documents and chunks.</summary>
    public async Task<TransferHost> StartReplicaAsync(params (string Key, string Value)[] others)
    {
        var theirs = new Dictionary<string, string?>(settings);
        foreach (var (key, value) in others)
        {
            theirs[key] = value;
        }

        var host = new TransferHost(theirs, folder);
        await host.StartAgainAsync();
        return host;
    }

    public async Task StartAgainAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Ferry:Store:Kind"] = "sqlite",
            ["Ferry:Store:Path"] = Database,
            ["Ferry:Bus:Kind"] = "memory",
            ["Ferry:Chunks:Path"] = folder.At("chunks"),
            ["Ferry:Jobs:ReclaimAtStart"] = "true",
            ["Ferry:Jobs:PollSeconds"] = "0.05",
            ["Ferry:Library:Folder"] = Library,
            ["Ferry:Transfer:MinimumRetry"] = "00:00:00.100",
            ["Ferry:Transfer:MaximumRetry"] = "00:00:00.300",
            ["Ferry:Transfer:MaxSliceChunks"] = "2",
            ["Ferry:Transfer:ReadBytes"] = "1048576",
        });
        builder.Configuration.AddInMemoryCollection(settings);
        builder.AddFerryDefaults("transfer");
        builder.Logging.ClearProviders();
        builder.Logging.AddProvider(new CapturedLog(Logged));
        builder.Services.AddSingleton(Events);
        builder.AddTransfer();
        builder.AddFerryApi("transfer");
        builder.AddBusParticipant(bus => bus.AddConsumer<EventsConsumer>());
        builder.AddFerryBus();
        app = builder.Build();
        app.MapFerryApi();
        app.MapTransferApi();
        await app.StartAsync();
        http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    public async Task StopAsync()
    {
        http.Dispose();
        await app.StopAsync();
        await app.DisposeAsync();
    }

    /// <summary>Ends without waiting for what is being served.</summary>
    public async Task AbortAsync()
    {
        http.Dispose();
        await app.StopAsync(new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (ownsFolder)
        {
            folder.Dispose();
        }
    }

    public Task SendAsync(object command) =>
        Services.GetRequiredService<OutboxDispatcher>().SendAsync(PendingMessage.Command(command, TimeProvider.System.GetUtcNow()), TestContext.Current.CancellationToken);

    public async Task<(HttpStatusCode Status, JsonElement Body)> PostAsync(string path, object? body = null) => await ReadAsync(
        await http.PostAsJsonAsync(path, body ?? new { }, DocumentJson.Options, TestContext.Current.CancellationToken));

    public async Task<TransferLimits> SetLimitsAsync(TransferLimits limits)
    {
        var (status, body) = await ReadAsync(await http.PutAsJsonAsync("/api/v1/limits", limits, DocumentJson.Options, TestContext.Current.CancellationToken));
        Assert.True(status == HttpStatusCode.OK, body.ToString());
        return body.Deserialize<TransferLimits>(DocumentJson.Options)!;
    }

    public async Task<(HttpStatusCode Status, JsonElement Body)> TrySetLimitsAsync(object limits) =>
        await ReadAsync(await http.PutAsJsonAsync("/api/v1/limits", limits, DocumentJson.Options, TestContext.Current.CancellationToken));

    public async Task<TransferJobView> CreateAsync(string source, Func<TransferJobRequest, TransferJobRequest>? change = null, string? destination = null)
    {
        var request = new TransferJobRequest { Id = Guid.NewGuid(), Name = "test", Files = [new TransferFileRequest { Source = source, Destination = destination }] };
        var (status, body) = await PostAsync("/api/v1/transfers", change?.Invoke(request) ?? request);
        Assert.True(status == HttpStatusCode.Created, body.ToString());
        return body.Deserialize<TransferJobView>(DocumentJson.Options)!;
    }

    public async Task<TransferJobView> ActAsync(Guid id, string action, object? body = null)
    {
        var (status, answer) = await PostAsync($"/api/v1/transfers/{id}/{action}", body);
        Assert.True(status == HttpStatusCode.OK, answer.ToString());
        return answer.Deserialize<TransferJobView>(DocumentJson.Options)!;
    }

    public Task<T> GetAsync<T>(string path) => http.GetFromJsonAsync<T>(path, DocumentJson.Options, TestContext.Current.CancellationToken)!;

    public Task<TransferJobView> WaitAsync(Guid id, Func<TransferJobView, bool> satisfies, string what) =>
        Eventually.GetAsync(() => GetAsync<TransferJobView>($"/api/v1/transfers/{id}"), satisfies, what);

    public Task<TransferJobView> WaitAsync(Guid id, TransferJobState state) => WaitAsync(id, job => job.State == state, $"the job is {state}");

    public IReadOnlyList<TransferJobState> StatesOf(Guid id)
    {
        var states = new List<TransferJobState>();
        foreach (var changed in Events.Messages.OfType<TransferJobChanged>().Where(changed => changed.Id == id).OrderBy(changed => changed.Revision))
        {
            if (states.Count == 0 || states[^1] != changed.State)
            {
                states.Add(changed.State);
            }
        }

        return states;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Body)> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
        }
    }
}
