namespace Ferry.Hosting.Jobs;

/// <summary>Hints inside a process: a service has a new job, a conversion's jobs should look at what they are to do.</summary>
internal sealed class JobSignals
{
    private readonly Lock gate = new();
    private readonly List<(string Service, AsyncSignal Signal)> workers = [];
    private readonly List<(Guid Conversion, AsyncSignal Signal)> leases = [];

    /// <summary>The signal of a new worker of a service; for the life of the process.</summary>
    public AsyncSignal ForWorker(string service)
    {
        var signal = new AsyncSignal();
        lock (gate)
        {
            workers.Add((service, signal));
        }

        return signal;
    }

    /// <summary>The signal of a lease; to be given back with <see cref="Remove"/>.</summary>
    public AsyncSignal ForLease(Guid conversion)
    {
        var signal = new AsyncSignal();
        lock (gate)
        {
            leases.Add((conversion, signal));
        }

        return signal;
    }

    /// <summary>Forgets the signal of a lease that has ended.</summary>
    public void Remove(AsyncSignal signal)
    {
        lock (gate)
        {
            leases.RemoveAll(lease => ReferenceEquals(lease.Signal, signal));
        }
    }

    /// <summary>A service has something to claim.</summary>
    public void WakeWorkers(string service) => Set(workers, name => name == service);

    /// <summary>What the jobs of a conversion should do has changed.</summary>
    public void Nudge(Guid conversion)
    {
        Set(leases, id => id == conversion);
        Set(workers, _ => true);
    }

    private void Set<T>(List<(T Key, AsyncSignal Signal)> signals, Func<T, bool> matches)
    {
        AsyncSignal[] matching;
        lock (gate)
        {
            matching = [.. signals.Where(entry => matches(entry.Key)).Select(entry => entry.Signal)];
        }

        foreach (var signal in matching)
        {
            signal.Set();
        }
    }
}
