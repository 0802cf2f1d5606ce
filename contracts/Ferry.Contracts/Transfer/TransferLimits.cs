namespace Ferry.Contracts.Transfer;

/// <summary>The limits of all transfers: the body of <c>GET</c> and <c>PUT /api/v1/limits</c>.</summary>
public sealed record TransferLimits
{
    /// <summary>Counts the changes; a <c>PUT</c> with another one than the stored is refused, 0 replaces whatever is there.</summary>
    public long Revision { get; init; }

    /// <summary>For all transfers together, or null.</summary>
    public BandwidthLimit? Global { get; init; }

    /// <summary>For the transfers from one source host, by name or name and port.</summary>
    public IReadOnlyDictionary<string, BandwidthLimit> Hosts { get; init; } = new Dictionary<string, BandwidthLimit>();

    /// <summary>For the transfers over one link, by the link's name.</summary>
    public IReadOnlyDictionary<string, BandwidthLimit> Links { get; init; } = new Dictionary<string, BandwidthLimit>();

    /// <summary>Connections over all sources; null for the service's setting.</summary>
    public int? MaxConnections { get; init; }

    /// <summary>Connections to one source host; null for the service's setting.</summary>
    public int? MaxConnectionsPerHost { get; init; }
}
