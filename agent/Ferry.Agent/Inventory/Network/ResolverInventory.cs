namespace Ferry.Agent.Inventory.Network;

/// <summary>How names are resolved.</summary>
/// <param name="Servers">Addresses of name servers in order.</param>
/// <param name="Search">Domains that are tried.</param>
internal sealed record ResolverInventory(IReadOnlyList<string> Servers, IReadOnlyList<string> Search)
{
    /// <summary>Reads <c>/etc/resolv.conf</c> (resolv.conf(5)); of several lines of <c>search</c> or <c>domain</c> the last counts.</summary>
    public static ResolverInventory Read(SystemRoot root)
    {
        var lines = root.ReadLines("/etc/resolv.conf").Where(line => line.Length > 0 && line[0] is not ('#' or ';')).Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).ToArray();
        return new ResolverInventory(
            [.. lines.Where(line => line is ["nameserver", _, ..]).Select(line => line[1])],
            lines.LastOrDefault(line => line[0] is "search" or "domain")?[1..] ?? []);
    }
}
