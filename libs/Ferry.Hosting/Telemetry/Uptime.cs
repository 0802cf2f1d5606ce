using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Ferry.Hosting.Telemetry;

/// <summary>How long this process runs. Every exporting process has it: one that is missing is down.</summary>
internal static class Uptime
{
    private static int begun;

    /// <summary>Adds the gauge, once a process.</summary>
    public static void Begin(Meter meter)
    {
        if (Interlocked.Exchange(ref begun, 1) == 0)
        {
            var started = Stopwatch.GetTimestamp();
            meter.CreateObservableGauge("ferry.process.uptime", () => Stopwatch.GetElapsedTime(started).TotalSeconds, "s", "How long the process runs.");
        }
    }
}
