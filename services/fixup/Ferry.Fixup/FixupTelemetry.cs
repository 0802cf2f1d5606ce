using System.Diagnostics;
using System.Diagnostics.Metrics;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Rehearsal.Signs;

namespace Ferry.Fixup;

/// <summary>Spans and metrics of the fix-up.</summary>
public static class FixupTelemetry
{
    /// <summary>Name of the source of spans and of the meter.</summary>
    public const string SourceName = "Ferry.Fixup";

    /// <summary>Tag: <c>kvm</c> or <c>tcg</c>.</summary>
    public const string AccelerationTag = "ferry.appliance.acceleration";

    /// <summary>Tag: <c>booted</c>, <c>panicked</c> or <c>unknown</c>.</summary>
    public const string VerdictTag = "ferry.rehearsal.verdict";

    /// <summary>Tag of the span: the kind of sign that decided.</summary>
    public const string SignTag = "ferry.rehearsal.sign";

    private const string ErrorTag = "error.type";

    private static readonly ActivitySource Source = new(SourceName);
    private static readonly Meter Meter = new(SourceName);

    private static readonly Histogram<double> LaunchDuration = Meter.CreateHistogram<double>(
        "ferry.appliance.launch.duration",
        "s",
        "Time that an appliance took to start, or to fail, by acceleration and error.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 2.5, 5, 10, 20, 40, 80, 160, 320, 640] });

    private static readonly Histogram<double> RehearsalDuration = Meter.CreateHistogram<double>(
        "ferry.rehearsal.duration",
        "s",
        "Time from the start of a rehearsed machine to its verdict, by acceleration and verdict.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [5, 10, 20, 40, 80, 160, 320, 640, 1280, 2560] });

    /// <summary>Begins the span of one machine that is watched at its start.</summary>
    internal static Activity? StartRehearsal(bool firstBoot, Acceleration acceleration)
    {
        var span = Source.StartActivity(firstBoot ? "first boot" : "rehearsal boot");
        SetAcceleration(span, acceleration);
        return span;
    }

    /// <summary>Counts one, and ends its span's story.</summary>
    internal static void RecordRehearsal(Activity? span, bool firstBoot, Acceleration acceleration, BootVerdict verdict, TimeSpan duration)
    {
        span?.SetTag(VerdictTag, verdict.Outcome);
        span?.SetTag(SignTag, verdict.Kind);
        if (!firstBoot)
        {
            RehearsalDuration.Record(duration.TotalSeconds, new TagList { { AccelerationTag, Value(acceleration) }, { VerdictTag, verdict.Outcome } });
        }
    }

    /// <summary>Begins the span of one launch of an appliance.</summary>
    internal static Activity? StartLaunch(Acceleration acceleration)
    {
        var span = Source.StartActivity("appliance launch");
        SetAcceleration(span, acceleration);
        return span;
    }

    /// <summary>Says on a span which acceleration its appliance has.</summary>
    internal static void SetAcceleration(Activity? span, Acceleration acceleration) => span?.SetTag(AccelerationTag, Value(acceleration));

    /// <summary>Counts a launch.</summary>
    /// <param name="acceleration">What it was tried with.</param>
    /// <param name="error">Code of the <see cref="ApplianceException"/> that it ended with, if any.</param>
    /// <param name="duration">How long it took.</param>
    internal static void RecordLaunch(Acceleration acceleration, string? error, TimeSpan duration)
    {
        var tags = new TagList { { AccelerationTag, Value(acceleration) } };
        if (error is not null)
        {
            tags.Add(ErrorTag, error);
        }

        LaunchDuration.Record(duration.TotalSeconds, tags);
    }

    private static string Value(Acceleration acceleration) => acceleration == Acceleration.Kvm ? "kvm" : "tcg";
}
