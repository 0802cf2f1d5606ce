using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Ledger;
using Ferry.Hosting.Live;
using Ferry.Hosting.Outbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Ferry.Hosting.Jobs;

/// <summary>Registers what the jobs of a service need, keyed by the service's name.</summary>
internal static class JobServices
{
    private const int ReleaseSlots = 4;

    /// <summary>What the services of a process share.</summary>
    public static void AddShared(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IFaultPoints, FaultPoints>();
        services.TryAddSingleton<JobSignals>();
        services.TryAddSingleton(provider => new OutboxDispatcher(
            provider.GetRequiredService<IMessageSender>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<OutboxDispatcher>>()));
        services.AddOptions<JobOptions>().BindConfiguration(JobOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
        services.AddOptions<OutboxOptions>().BindConfiguration(OutboxOptions.SectionName).ValidateDataAnnotations().ValidateOnStart();
    }

    /// <summary>The jobs of one service.</summary>
    public static void Add(IServiceCollection services, ServiceJobs jobs)
    {
        var service = jobs.Service;
        services.AddKeyedSingleton(service, (provider, _) => new ServiceDocuments(provider.GetRequiredService<IDocumentStore>(), service));
        services.AddKeyedSingleton(service, (provider, _) => new ResourceLedger(provider.GetRequiredKeyedService<ServiceDocuments>(service), provider.GetRequiredService<TimeProvider>()));
        services.AddKeyedSingleton<IJobQueue>(service, (provider, _) =>
            ActivatorUtilities.CreateInstance<JobQueue>(provider, jobs, provider.GetRequiredKeyedService<ServiceDocuments>(service)));
        services.AddKeyedSingleton(service, (provider, _) => ActivatorUtilities.CreateInstance<JobRunner>(
            provider, jobs, provider.GetRequiredKeyedService<ServiceDocuments>(service), provider.GetRequiredKeyedService<ResourceLedger>(service)));
        services.AddKeyedSingleton(service, (provider, _) =>
            new JobManifests(provider.GetRequiredKeyedService<ServiceDocuments>(service), provider.GetKeyedServices<IProvenChunks>(service), provider.GetKeyedServices<ILiveManifests>(service)));
        services.AddKeyedSingleton(service, (provider, _) => new Reconciler(
            provider.GetRequiredKeyedService<ServiceDocuments>(service),
            provider.GetKeyedServices<IStrayFinder>(service),
            new JobPruner(provider.GetRequiredKeyedService<ServiceDocuments>(service), provider.GetRequiredService<IOptions<JobOptions>>().Value),
            provider.GetRequiredService<OutboxDispatcher>(),
            provider.GetRequiredService<IOptions<JobOptions>>().Value,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<Reconciler>>()));
        services.AddSingleton<OutboxSource>(provider =>
            new OutboxSource<JobDocument>($"{service}.jobs", provider.GetRequiredKeyedService<ServiceDocuments>(service).Jobs));
    }

    /// <summary>The workers of one service, as hosted services: started after, and stopped before, what was registered earlier.</summary>
    public static void AddWorkers(IServiceCollection services, ServiceJobs jobs)
    {
        if (jobs.Work.Count > 0)
        {
            services.AddSingleton<IHostedService>(provider =>
                Worker(provider, jobs.Service, [.. jobs.Work.Select(kind => kind.Name)], jobs.MaxConcurrent ?? provider.GetRequiredService<IOptions<JobOptions>>().Value.MaxConcurrent));
        }

        if (jobs.Release is { } release)
        {
            services.AddSingleton<IHostedService>(provider => Worker(provider, jobs.Service, [release.Name], ReleaseSlots));
            services.AddSingleton<IHostedService>(provider => provider.GetRequiredKeyedService<Reconciler>(jobs.Service));
        }
    }

    /// <summary>What measures the jobs of one service.</summary>
    public static void AddGauge(IServiceCollection services, ServiceJobs jobs) => services.AddSingleton<IHostedService>(provider => new WaitingJobsGauge(
        provider.GetRequiredKeyedService<ServiceDocuments>(jobs.Service),
        [.. jobs.Work.Concat(jobs.Release is { } release ? [release] : []).Select(kind => kind.Name)],
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<WaitingJobsGauge>>()));

    /// <summary>The kind of job that releases a service's resources.</summary>
    public static JobKind ReleaseKind(string service) => new JobKind<ReleaseResources>(ServiceJobs.ReleaseKind(service), provider =>
        ActivatorUtilities.CreateInstance<ReleaseResourcesHandler>(
            provider,
            provider.GetRequiredKeyedService<ServiceDocuments>(service),
            provider.GetRequiredKeyedService<ResourceLedger>(service),
            provider.GetRequiredKeyedService<IJobQueue>(service),
            provider.GetKeyedServices<IResourceReleaser>(service)), finishesFirst: true);

    private static JobWorker Worker(IServiceProvider provider, string service, IReadOnlyList<string> kinds, int slots) => new(
        provider.GetRequiredKeyedService<ServiceDocuments>(service),
        kinds,
        slots,
        provider.GetRequiredKeyedService<JobRunner>(service),
        provider.GetRequiredService<JobSignals>(),
        provider.GetRequiredService<IOptions<JobOptions>>().Value,
        provider.GetRequiredService<TimeProvider>(),
        provider.GetRequiredService<ILogger<JobWorker>>());
}
