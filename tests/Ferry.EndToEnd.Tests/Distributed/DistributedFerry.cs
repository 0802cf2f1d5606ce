using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Store;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>Every service its own process, on a real RabbitMQ and the real MongoDB driver, behind the gateway.</summary>
public sealed class DistributedFerry : IAsyncDisposable
{
    /// <summary>Most chunks of one slice of a transfer here.</summary>
    public const int MostSliceChunks = 16;

    /// <summary>The services, but for the gateway.</summary>
    public static readonly IReadOnlyList<string> Names = ["orchestrator", "transfer", "cleanup", "capture", "fixup", "conversion"];

    private const int MostLog = 20_000;
    private const string ApiKey = "the key of the end-to-end tests";

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan KillLimit = TimeSpan.FromMinutes(4);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly TempFolder folder = new("distributed");
    private readonly RabbitMqServer rabbit;
    private readonly MongoServer mongo;
    private readonly List<ServiceProcess> services = [];
    private readonly IReadOnlyDictionary<string, string?> own;

    private DistributedFerry(RabbitMqServer rabbit, MongoServer mongo, OtlpReceiver telemetry, IReadOnlyDictionary<string, string?> own)
    {
        this.rabbit = rabbit;
        this.mongo = mongo;
        this.own = own;
        Telemetry = telemetry;
    }

    /// <summary>Receives what the services export.</summary>
    public OtlpReceiver Telemetry { get; }

    /// <summary>The services that were started, by project name.</summary>
    public IReadOnlyList<ServiceProcess> Services => services;

    /// <summary>Starts broker, store, collector and every service.</summary>
    /// <param name="faultyService">The service whose only worker at first has a fault point, or null.</param>
    /// <param name="faultPoint">The fault point.</param>
    /// <param name="settings">Settings of all services that differ here.</param>
    public static Task<DistributedFerry> StartAsync(string? faultyService = null, string? faultPoint = null, IReadOnlyDictionary<string, string?>? settings = null) =>
        StartAsync((_, _) => settings ?? new Dictionary<string, string?>(), faultyService, faultPoint);

    /// <summary>Starts broker, store, collector and every service, with settings that depend on broker and store.</summary>
    public static async Task<DistributedFerry> StartAsync(
        Func<RabbitMqServer, MongoServer, IReadOnlyDictionary<string, string?>> settings, string? faultyService = null, string? faultPoint = null)
    {
        var (rabbit, mongo) = (await RabbitMqServer.StartAsync(), await MongoServer.StartAsync());
        var ferry = new DistributedFerry(rabbit, mongo, await OtlpReceiver.StartAsync(), settings(rabbit, mongo));
        foreach (var service in Names)
        {
            await ferry.AddAsync(service, faultyService, faultPoint);
        }

        var gateway = await ServiceProcess.StartAsync("gateway/Ferry.Gateway", new Dictionary<string, string?>(ferry.Settings)
        {
            ["Ferry__Services__Orchestrator"] = ferry.First("orchestrator").Address.AbsoluteUri,
            ["Ferry__Services__Transfer"] = ferry.First("transfer").Address.AbsoluteUri,
            ["Ferry__Services__Cleanup"] = ferry.First("cleanup").Address.AbsoluteUri,
            ["Ferry__ApiKeys__Sha256__tests"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ApiKey))),
        });
        ferry.services.Add(gateway);
        ferry.Gateway = new HttpClient { BaseAddress = gateway.Address };
        ferry.Gateway.DefaultRequestHeaders.Add("X-Api-Key", ApiKey);
        foreach (var service in ferry.services)
        {
            await service.WaitUntilReadyAsync();
        }

        return ferry;
    }

    /// <summary>Starts one more worker of a service, without fault point.</summary>
    public Task<ServiceProcess> AddAsync(string service) => AddAsync(service, null, null);

    /// <summary>Kills every process of a service, and starts one at the address of the first.</summary>
    /// <param name="service">The service.</param>
    /// <param name="faultPoint">Its fault point, or null.</param>
    public async Task<ServiceProcess> ReplaceAsync(string service, string? faultPoint = null)
    {
        var address = First(service).Address;
        foreach (var process in All(service).ToList())
        {
            await process.DisposeAsync();
            services.Remove(process);
        }

        var fresh = await AddAsync(service, service, faultPoint, address);
        await fresh.WaitUntilReadyAsync();
        return fresh;
    }

    /// <summary>Ends every process of a service but the first that lives.</summary>
    public async Task KeepOneAsync(string service)
    {
        var kept = All(service).First(x => !x.HasExited);
        foreach (var process in All(service).Where(x => x != kept).ToList())
        {
            await process.DisposeAsync();
            services.Remove(process);
        }
    }

    /// <summary>The processes of a service.</summary>
    public IEnumerable<ServiceProcess> All(string service) => services.Where(x => x.Name == Path.GetFileName(Project(service)));

    /// <summary>Waits until the worker with the fault point has killed itself.</summary>
    public async Task IsKilledAsync(string service)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(KillLimit);
        try
        {
            await First(service).WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"{service} did not come to its fault point within {KillLimit}.\n{Logs()}");
        }
    }

    /// <summary>The service's process that was started first.</summary>
    public ServiceProcess First(string service) => All(service).First();

    /// <summary>A client of the gateway, with an API key.</summary>
    public HttpClient Gateway { get; private set; } = null!;

    /// <summary>The broker.</summary>
    public RabbitMqServer Rabbit => rabbit;

    /// <summary>The database server: an emulator, unless a real one was named.</summary>
    public MongoServer Mongo => mongo;

    /// <summary>Asks for something to be done with a conversion: pause, resume, cancel or retry.</summary>
    public async Task ActAsync(Guid id, string action)
    {
        using var response = await Gateway.PostAsync(new Uri($"/api/v1/conversions/{id}/{action}", UriKind.Relative), null, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    /// <summary>Waits until a condition holds, or says what was waited for.</summary>
    public async Task UntilAsync(Func<bool> condition, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(KillLimit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!condition())
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"Not within {KillLimit}: {what}.\n{Logs()}");
        }
    }

    /// <summary>Where guest workers have their private folders, one for each appliance.</summary>
    public string Scratch => Directory.CreateDirectory(folder.File("scratch")).FullName;

    /// <summary>The slices that a service has proven for a conversion, as the store has them now.</summary>
    public Task<IReadOnlyList<SliceDocument>> ProvenSlicesAsync(string service, Guid conversion) => StoredDocuments.SlicesAsync(mongo, service, conversion);

    /// <summary>A folder of this run.</summary>
    public string File(string name) => folder.File(name);

    /// <summary>A request to the gateway without an API key.</summary>
    public async Task<HttpStatusCode> AnonymousAsync(HttpMethod method, string path)
    {
        using var client = new HttpClient { BaseAddress = Gateway.BaseAddress };
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    /// <summary>What the gateway has at a path.</summary>
    public Task<string> GetAsync(string path) => Gateway.GetStringAsync(new Uri(path, UriKind.Relative));

    /// <summary>Collects garbage, and returns how that ended.</summary>
    public async Task<StoreTaskView> CollectGarbageAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var timer = new PeriodicTimer(Interval);
        using var response = await Gateway.PostAsync(new Uri("/api/v1/store/gc", UriKind.Relative), null, limit.Token);
        StoreTaskView? run;
        do
        {
            await timer.WaitForNextTickAsync(limit.Token);
            run = await Gateway.GetFromJsonAsync<StoreTaskView>("/api/v1/store/gc", DocumentJson.Options, limit.Token);
        }
        while (run!.State is "Waiting" or "Running");
        return run;
    }

    /// <summary>Submits a conversion.</summary>
    public async Task<Guid> SubmitAsync(ConversionRequest request)
    {
        var response = await Gateway.PostAsJsonAsync("/api/v1/conversions", request, DocumentJson.Options);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return (await response.Content.ReadFromJsonAsync<ConversionView>(DocumentJson.Options))!.Id;
    }

    /// <summary>Waits until a conversion has ended.</summary>
    public async Task<ConversionView> WaitAsync(Guid id) => await WaitAsync(id, view => view.Ended);

    /// <summary>Waits until a conversion is as asked.</summary>
    public async Task<ConversionView> WaitAsync(Guid id, Func<ConversionView, bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        using var timer = new PeriodicTimer(Interval);
        ConversionView? view = null;
        try
        {
            while (true)
            {
                view = await Gateway.GetFromJsonAsync<ConversionView>($"/api/v1/conversions/{id}", DocumentJson.Options, limit.Token);
                if (condition(view!))
                {
                    return view!;
                }

                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new TimeoutException($"The conversion is in state {view?.State} after {Limit}.\n{Logs()}");
        }
    }

    /// <summary>The report of a conversion.</summary>
    public async Task<ConversionReport> ReportAsync(Guid id) =>
        (await Gateway.GetFromJsonAsync<ConversionReport>($"/api/v1/conversions/{id}/report", DocumentJson.Options))!;

    /// <summary>What the services printed.</summary>
    public string Logs() => string.Join('\n', services.Select(service => $"== {service.Name}\n{(service.Log.Length > MostLog ? service.Log[^MostLog..] : service.Log)}"));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Gateway?.Dispose();
        foreach (var service in services)
        {
            await service.DisposeAsync();
        }

        await rabbit.DisposeAsync();
        await mongo.DisposeAsync();
        await Telemetry.DisposeAsync();
        folder.Dispose();
    }

    private Dictionary<string, string?> Settings => DistributedSettings.Of(rabbit, mongo, Telemetry, folder.File("chunks"), Scratch, own);

    private async Task<ServiceProcess> AddAsync(string service, string? faultyService, string? faultPoint, Uri? address = null)
    {
        var settings = Settings;
        if (service == faultyService)
        {
            settings["FERRY_FAULT_POINT"] = faultPoint;
        }

        services.Add(await ServiceProcess.StartAsync($"services/{Project(service)}", settings, address));
        return services[^1];
    }

    // capture -> capture/Ferry.Capture
    private static string Project(string service) => $"{service}/Ferry.{char.ToUpperInvariant(service[0])}{service[1..]}";
}
