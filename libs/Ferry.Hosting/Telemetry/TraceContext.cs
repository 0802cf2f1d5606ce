using System.Diagnostics;
using Microsoft.Extensions.Hosting;

namespace Ferry.Hosting.Telemetry;

/// <summary>
/// Makes activities when nobody exports them: so reports, logs and messages carry a trace id all the same, and the id stays the same when a collector is added later.
/// </summary>
internal sealed class TraceContext : IHostedService, IDisposable
{
    private readonly ActivityListener listener = new()
    {
        ShouldListenTo = source => source.Name == "MassTransit" || source.Name.StartsWith("Ferry.", StringComparison.Ordinal),
        Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
    };

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        ActivitySource.AddActivityListener(listener);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();
}
