using System.Globalization;
using System.Net.NetworkInformation;

namespace Ferry.Agent.Inventory.Network;

/// <summary>The addresses of the running system's interfaces (getifaddrs).</summary>
internal static class LiveAddresses
{
    /// <summary>A look-up of what is there now.</summary>
    public static Func<string, IReadOnlyList<string>> Read()
    {
        var interfaces = NetworkInterface.GetAllNetworkInterfaces().ToLookup(nic => nic.Name, StringComparer.Ordinal);
        return name => [.. interfaces[name].SelectMany(nic => nic.GetIPProperties().UnicastAddresses).Select(address => string.Create(CultureInfo.InvariantCulture, $"{WithoutScope(address)}/{address.PrefixLength}"))];
    }

    private static string WithoutScope(UnicastIPAddressInformation address) => address.Address.ToString().Split('%')[0];
}
