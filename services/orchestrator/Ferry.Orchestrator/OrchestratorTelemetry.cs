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
        "ferry.step.duration",
        "s",
        "Duration of a conversion's step",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14400, 43200] });

    /// <summary>Steps that have failed for good, by step and code.</summary>
    public static readonly Counter<long> StepFailures = Meter.CreateCounter<long>(
        "ferry.step.failures", "{failure}", "Steps that have failed for good, by step and the error's code");

    /// <summary>Ended conversions, by outcome.</summary>
    public static readonly Counter<long> Ended = Meter.CreateCounter<long>(
        "ferry.conversions.ended", "{conversion}", "Conversions that have ended");

    /// <summary>Messages that are kept as they could not be consumed.</summary>
    public static readonly Gauge<long> DeadLetters = Meter.CreateGauge<long>(
        "ferry.messages.dead", "{message}", "Dead letters that nobody has dealt with, as counted last");

    /// <summary>Observes conversions that wait, by reason.</summary>
    public static ObservableGauge<long> ObserveWaiting(Func<IEnumerable<Measurement<long>>> observe) =>
        Meter.CreateObservableGauge("ferry.conversions.waiting", observe, "{conversion}", "Conversions that wait, by reason");

    /// <summary>Observes since when the one waits that has waited longest, by reason.</summary>
    public static ObservableGauge<double> ObserveLongestWait(Func<IEnumerable<Measurement<double>>> observe) =>
        Meter.CreateObservableGauge("ferry.conversions.waiting.longest", observe, "s", "For how long the conversion waits that has waited longest, by reason");

    /// <summary>Counts the failure of a step.</summary>
    public static void CountFailure(string step, string code) =>
        StepFailures.Add(1, new KeyValuePair<string, object?>("ferry.step", step), new KeyValuePair<string, object?>("error.type", code));

    /// <summary>Observes conversions by state.</summary>
    public static ObservableGauge<long> ObserveActive(Func<IEnumerable<Measurement<long>>> observe) =>
        Meter.CreateObservableGauge("ferry.conversions.active", observe, "{conversion}", "Conversions that have not ended, by state");
}
