using Ferry.Hosting.Bus;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Ledger;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ferry.Hosting;

/// <summary>Leased jobs of a service.</summary>
public static class FerryJobsExtensions
{
    /// <summary>
    /// Makes commands of a service leased jobs: adds its <see cref="IJobQueue"/> (keyed by the service's name), worker, ledger, outbox, and the answer to
    /// <see cref="Contracts.Cleanup.ReleaseResources"/>.
    /// </summary>
    /// <param name="builder">The host.</param>
    /// <param name="service">Name of the service, lower case; its collections begin with it.</param>
    /// <param name="configure">Names the commands and their handlers.</param>
    public static IHostApplicationBuilder AddServiceJobs(this IHostApplicationBuilder builder, string service, Action<ServiceJobsBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(service);
        ArgumentNullException.ThrowIfNull(configure);
        var parts = FerryParts.Of(builder);
        if (parts.Jobs.Exists(jobs => jobs.Service == service))
        {
            throw new InvalidOperationException($"The jobs of {service} are added already.");
        }

        var kinds = new ServiceJobsBuilder(builder.Services);
        configure(kinds);
        var jobs = new ServiceJobs(service, kinds.Kinds, kinds.AnswersRelease ? JobServices.ReleaseKind(service) : null, kinds.MaxConcurrent);
        JobServices.AddShared(builder.Services);
        JobServices.Add(builder.Services, jobs);
        parts.Jobs.Add(jobs);
        return builder;
    }

    /// <summary>Adds who looks for resources of a service that its ledger does not name.</summary>
    public static IHostApplicationBuilder AddStrayFinder<TFinder>(this IHostApplicationBuilder builder, string service)
        where TFinder : class, IStrayFinder
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKeyedSingleton<IStrayFinder, TFinder>(service);
        return builder;
    }

    /// <summary>Adds who removes one kind of resource that a service records.</summary>
    public static IHostApplicationBuilder AddResourceReleaser<TReleaser>(this IHostApplicationBuilder builder, string service)
        where TReleaser : class, IResourceReleaser
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddKeyedScoped<IResourceReleaser, TReleaser>(service);
        return builder;
    }
}
