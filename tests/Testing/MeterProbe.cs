using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Ferry.Testing;

/// <summary>
/// What meters of this process measure from now on. A series is written as its name and its tags: <c>ferry.bytes ferry.step=convert</c>. Instruments belong to the process, so tests
/// beside this one count too: ask for at least what happened here.
/// </summary>
internal sealed class MeterProbe : IDisposable
{
    private readonly MeterListener listener;
    private readonly ConcurrentDictionary<string, double> counted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, double> observed = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string?> instruments = new(StringComparer.Ordinal);

    /// <summary>Listens to meters whose names are named, or begin with a name that ends in a dot.</summary>
    public MeterProbe(params string[] meters)
    {
        listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (meters.Any(meter => meter.EndsWith('.') ? instrument.Meter.Name.StartsWith(meter, StringComparison.Ordinal) : instrument.Meter.Name == meter))
                {
                    instruments[instrument.Name] = instrument.Unit;
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();
    }

    /// <summary>Series that were measured and are not observed, with their sums (of gauges: the last value).</summary>
    public IReadOnlyDictionary<string, double> Counted => counted;

    /// <summary>Instruments with their units.</summary>
    public IReadOnlyDictionary<string, string?> Instruments => instruments;

    /// <summary>The sum of a series, or 0.</summary>
    public double Sum(string series) => counted.GetValueOrDefault(series);

    /// <summary>Series of observable instruments as they are now.</summary>
    public IReadOnlyDictionary<string, double> Observe()
    {
        observed.Clear();
        listener.RecordObservableInstruments();
        return new Dictionary<string, double>(observed, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}")]);
        if (instrument.IsObservable)
        {
            observed[series] = value;
        }
        else
        {
            var isGauge = instrument.GetType().Name.StartsWith("Gauge", StringComparison.Ordinal);
            counted.AddOrUpdate(series, value, (_, sum) => isGauge ? value : sum + value);
        }
    }
}
