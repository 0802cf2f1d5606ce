namespace Ferry.Contracts.Transfer;

/// <summary>A limit of bandwidth: rules of which the first that fits the time counts; none fits: no limit.</summary>
public sealed record BandwidthLimit
{
    /// <summary>
    /// Rules in order: <c>50 Mbit/s</c>, <c>08:00-18:00 Mon-Fri: 50 Mbit/s</c>, <c>Sat,Sun: unlimited</c>, <c>never on Sundays</c>. A rate of 0 (<c>never</c>) parks transfers.
    /// </summary>
    public required IReadOnlyList<string> Rules { get; init; }

    /// <summary>IANA name of the time zone of the rules, such as <c>Europe/Berlin</c>.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>For a link: the hosts behind it, as <c>host</c>, <c>host:port</c> or <c>*.domain</c>. Empty: only jobs that name the link.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
}
