using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Ferry.Hosting.Telemetry;

/// <summary>What the parts of a process looked at last, for an observable gauge: reading it asks nobody. Thread-safe.</summary>
internal sealed class ObservedParts
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<Measurement<long>>> parts = new(StringComparer.Ordinal);

    /// <summary>Keeps what a part has measured, in place of what it measured before.</summary>
    public void Set(string part, IReadOnlyList<Measurement<long>> measured) => parts[part] = measured;

    /// <summary>Forgets what a part has measured: it is not known any more.</summary>
    public void Clear(string part) => parts.TryRemove(part, out _);

    /// <summary>What all parts have measured.</summary>
    public IEnumerable<Measurement<long>> Read() => parts.Values.SelectMany(measured => measured);
}
