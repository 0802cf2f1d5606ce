using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Ferry.Orchestrator;

/// <summary>The orchestrator's public source and meter name, and its instruments.</summary>
public static class OrchestratorTelemetry
{
    /// <summary>Name of source and meter.</summary>
    public const string Name = "Ferry.Orchestrator";

    /// <summary>The span that a conversion begins with.</summary>
    public static readonly ActivitySource Source = new(Name);

    private static readonly Meter Meter = new(Name);

    /// <summary>Duration of steps, by step and outcome.</summary>
    public static readonly Histogram<double> StepDuration = Meter.CreateHistogram<double>(
        "ferry.step.duration", "s", "Duration of a conversion's step");

    /// <summary>Ended conversions, by outcome.</summary>
    public static readonly Counter<long> Ended = Meter.CreateCounter<long>(
        "ferry.conversions.ended", "{conversion}", "Conversions that have ended");

    /// <summary>Observes conversions by state.</summary>
    public static ObservableGauge<long> ObserveActive(Func<IEnumerable<Measurement<long>>> observe) =>
        Meter.CreateObservableGauge("ferry.conversions.active", observe, "{conversion}", "Conversions that have not ended, by state");
}
