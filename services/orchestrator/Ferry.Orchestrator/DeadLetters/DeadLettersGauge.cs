using Ferry.Hosting;

namespace Ferry.Orchestrator.DeadLetters;

/// <summary>Counts the dead letters, for <c>ferry.messages.dead</c>.</summary>
public sealed class DeadLettersGauge(DeadLetterBox letters, TimeProvider time, ILogger<DeadLettersGauge> logger) : RepeatedService(TimeSpan.FromSeconds(15), time)
{
    /// <summary>Counts now.</summary>
    public async Task CountAsync(CancellationToken cancellationToken) => OrchestratorTelemetry.DeadLetters.Record(await letters.CountAsync(cancellationToken));

    /// <inheritdoc/>
    protected override Task RoundAsync(bool first, CancellationToken stoppingToken) => CountAsync(stoppingToken);

    /// <inheritdoc/>
    protected override void RoundFailed(Exception exception) => Log.SweepFailed(logger, exception);
}
