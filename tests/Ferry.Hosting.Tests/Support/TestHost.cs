using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Jobs;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Outbox;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Ferry.Hosting.Tests.Support;

/// <summary>A process of one service, <c>test</c>, whose only step is <c>work</c>: <see cref="CleanUpConversion"/> becomes <see cref="ConversionCleanedUp"/>.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    public const string Service = "test";
    public const string Step = "work";
    private readonly IHost host;

    private TestHost(IHost host) => this.host = host;

    public IServiceProvider Services => host.Services;

    public IJobQueue Jobs => Services.GetRequiredKeyedService<IJobQueue>(Service);

    public IDocumentCollection<JobDocument> JobDocuments => Services.GetRequiredKeyedService<ServiceDocuments>(Service).Jobs;

    public IBus Bus => Services.GetRequiredService<IBus>();

    public string Health => Services.GetRequiredService<IBusControl>().CheckHealth().Status.ToString();

    public Recorder<ConversionCleanedUp> Done => Services.GetRequiredService<Recorder<ConversionCleanedUp>>();

    public Recorder<StepFailed> Failed => Services.GetRequiredService<Recorder<StepFailed>>();

    public static async Task<TestHost> StartAsync(Transport transport, Script script, Action<IHostApplicationBuilder>? configure = null, bool finishesFirst = false)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Configuration.AddInMemoryCollection(transport.Settings);
        builder.AddFerryDefaults(Service);
        if (Environment.GetEnvironmentVariable("FERRY_TEST_LOG") != "1")
        {
            builder.Logging.ClearProviders();
        }

        builder.Services.AddSingleton(script);
        builder.AddServiceJobs(Service, jobs => jobs.Handle<CleanUpConversion, ScriptedHandler>(Step, finishesFirst));
        builder.AddBusParticipant(bus => bus.AddConsumer<WorkConsumer, WorkConsumerDefinition>());
        builder.Record<ConversionCleanedUp>();
        builder.Record<StepFailed>();
        configure?.Invoke(builder);
        builder.AddFerryBus();
        var host = new TestHost(builder.Build());
        await host.host.StartAsync(TestContext.Current.CancellationToken);

        // An event that a test publishes before the queues are bound has no listener.
        await Eventually.GetAsync(() => Task.FromResult(host.Health), health => health == "Healthy", "the bus is connected");
        return host;
    }

    public static CleanUpConversion Command(Guid conversion) => new() { ConversionId = conversion, Attempt = 1 };

    public static JobKey Key(Guid conversion) => new(conversion, Step, 1);

    public Task SubmitAsync(Guid conversion) => Jobs.SubmitAsync(Key(conversion), Command(conversion), TestContext.Current.CancellationToken);

    public Task<JobDocument> JobAsync(Guid conversion, Func<JobDocument, bool> satisfies, string what) => Eventually.GetAsync(
        async () => (await JobDocuments.GetAsync(Key(conversion).ToString(), TestContext.Current.CancellationToken))!, job => job is not null && satisfies(job), what);

    public Task StopAsync() => host.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }
}
