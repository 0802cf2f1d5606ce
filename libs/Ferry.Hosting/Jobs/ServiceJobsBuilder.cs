using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ferry.Hosting.Jobs;

/// <summary>Says which commands are jobs of a service, and who does them.</summary>
public sealed class ServiceJobsBuilder
{
    private readonly IServiceCollection services;
    private readonly List<JobKind> kinds = [];

    internal ServiceJobsBuilder(IServiceCollection services) => this.services = services;

    /// <summary>
    /// Whether the service answers <see cref="Contracts.Cleanup.ReleaseResources"/> (default): it stops the conversion's jobs and releases what its ledger holds.
    /// Off for services that hold nothing and whose jobs must outlive a release, such as cleanup itself.
    /// </summary>
    public bool AnswersRelease { get; set; } = true;

    /// <summary>
    /// Jobs of the service that one process runs at a time; null (default): <see cref="JobOptions.MaxConcurrent"/>. For a service whose jobs are limited by something else,
    /// and cost next to nothing while they are not let through.
    /// </summary>
    public int? MaxConcurrent { get; set; }

    internal IReadOnlyList<JobKind> Kinds => kinds;

    /// <summary>A command that is a job, and its handler (made per run, with a scope of its own).</summary>
    /// <param name="step">Name of the step, as in the <see cref="JobKey"/>: also the kind of the job.</param>
    /// <param name="finishesFirst">Whether a run is short enough to go on to its end when the conversion is paused; it rests only while it waits for a worker.</param>
    public ServiceJobsBuilder Handle<TCommand, THandler>(string step, bool finishesFirst = false)
        where TCommand : class
        where THandler : class, IJobHandler<TCommand>
    {
        services.TryAddScoped<THandler>();
        kinds.Add(new JobKind<TCommand>(step, provider => provider.GetRequiredService<THandler>(), finishesFirst));
        return this;
    }
}
