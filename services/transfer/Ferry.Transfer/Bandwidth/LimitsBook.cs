using Ferry.Contracts.Transfer;
using Ferry.DiskImages.Sources;

namespace Ferry.Transfer.Bandwidth;

/// <summary>The limits, read. Immutable.</summary>
public sealed class LimitsBook
{
    private const int MostLimits = 1000;
    private readonly Dictionary<string, BandwidthSchedule> schedules;

    private LimitsBook(TransferLimits limits, Dictionary<string, BandwidthSchedule> schedules) => (Limits, this.schedules) = (limits, schedules);

    /// <summary>No limits.</summary>
    public static LimitsBook Empty { get; } = Read(new TransferLimits());

    /// <summary>As they are stored.</summary>
    public TransferLimits Limits { get; }

    /// <summary>Reads limits.</summary>
    /// <exception cref="BandwidthFormatException">Something in them cannot be understood; the message says in which.</exception>
    public static LimitsBook Read(TransferLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        if (limits.Hosts.Count + limits.Links.Count > MostLimits)
        {
            throw new BandwidthFormatException($"There are more than {MostLimits} limits.");
        }

        if (limits.MaxConnections is < 1 or > 10_000 || limits.MaxConnectionsPerHost is < 1 or > 10_000)
        {
            throw new BandwidthFormatException("A number of connections is not from 1 to 10000.");
        }

        var schedules = new Dictionary<string, BandwidthSchedule>(StringComparer.Ordinal);
        if (limits.Global is { } global)
        {
            schedules.Add(LimitNames.Global, Read("The global limit", global));
        }

        foreach (var (host, limit) in limits.Hosts)
        {
            schedules[LimitNames.Host(Name(host).ToLowerInvariant())] = Read($"The limit of host {host}", limit);
        }

        foreach (var (link, limit) in limits.Links)
        {
            schedules.Add(LimitNames.Link(Name(link)), Read($"The limit of link {link}", limit));
        }

        return new LimitsBook(limits, schedules);
    }

    /// <summary>Names of the limits that a job is under.</summary>
    /// <param name="source">The source.</param>
    /// <param name="link">The link that the job names, or null for those that are set for the host.</param>
    public IReadOnlyList<string> NamesFor(Uri source, string? link)
    {
        ArgumentNullException.ThrowIfNull(source);
        var links = link is not null ? [link] : Limits.Links.Where(pair => pair.Value.Hosts.Count > 0 && new HostRules([.. pair.Value.Hosts]).IsAllowed(source)).Select(pair => pair.Key);
        var host = source.Host.ToLowerInvariant();
        var withPort = LimitNames.Host($"{host}:{source.Port}");
        return [LimitNames.Global, schedules.ContainsKey(withPort) ? withPort : LimitNames.Host(host), .. links.Select(LimitNames.Link).Order(StringComparer.Ordinal)];
    }

    /// <summary>Names of the limits that an upload is under: its client comes from anywhere.</summary>
    /// <param name="link">The link that the job names, or null.</param>
    public IReadOnlyList<string> NamesForUpload(string? link) => link is null ? [LimitNames.Global] : [LimitNames.Global, LimitNames.Link(link)];

    /// <summary>The rate of a limit in bytes a second: 0 parks, null is none.</summary>
    public double? RateAt(string name, DateTimeOffset time) => schedules.GetValueOrDefault(name)?.RateAt(time);

    /// <summary>The limits that are in force at a time, by name, in bytes a second: 0 parks.</summary>
    public IEnumerable<KeyValuePair<string, double>> RatesAt(DateTimeOffset time)
    {
        foreach (var (name, schedule) in schedules)
        {
            if (schedule.RateAt(time) is { } rate)
            {
                yield return new(name, rate);
            }
        }
    }

    /// <summary>The first of some limits that parks now, and until when (null: not within eight days); null when none does.</summary>
    public (string Name, DateTimeOffset? Until)? ParkedBy(IEnumerable<string> names, DateTimeOffset time)
    {
        ArgumentNullException.ThrowIfNull(names);
        foreach (var name in names)
        {
            if (schedules.TryGetValue(name, out var schedule) && schedule.RateAt(time) is 0)
            {
                return (name, schedule.NextOpen(time));
            }
        }

        return null;
    }

    private static string Name(string name) => name.Length is > 0 and <= 253 && !name.Any(c => char.IsControl(c) || char.IsWhiteSpace(c))
        ? name
        : throw new BandwidthFormatException("The name of a host or link is empty, longer than 253 characters, or has blanks.");

    private static BandwidthSchedule Read(string what, BandwidthLimit limit)
    {
        try
        {
            return BandwidthSchedule.Parse(limit);
        }
        catch (BandwidthFormatException exception)
        {
            throw new BandwidthFormatException($"{what}: {exception.Message}");
        }
    }
}
