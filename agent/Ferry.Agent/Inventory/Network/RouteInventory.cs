using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Numerics;

namespace Ferry.Agent.Inventory.Network;

/// <summary>A route of the main table.</summary>
/// <param name="Destination">Network with the length of its prefix; <c>0.0.0.0/0</c> and <c>::/0</c> are the default routes.</param>
/// <param name="Gateway">Next hop, or null when the network is attached.</param>
/// <param name="Interface">Name of the interface.</param>
/// <param name="Metric">Lower goes first.</param>
internal sealed record RouteInventory(string Destination, string? Gateway, string Interface, long Metric)
{
    private const uint Up = 0x1;
    private const uint Local = 0x80000000;

    /// <summary>Reads <c>/proc/net/route</c> and <c>/proc/net/ipv6_route</c>.</summary>
    public static IReadOnlyList<RouteInventory> Read(SystemRoot root) =>
    [
        .. root.ReadLines("/proc/net/route").Skip(1).Select(ParseIPv4).OfType<RouteInventory>(),
        .. root.ReadLines("/proc/net/ipv6_route").Select(ParseIPv6).OfType<RouteInventory>(),
    ];

    /// <summary>A line of <c>/proc/net/route</c>; null when it is none, or the route is not up. Addresses stand there as the machine stores them, which is in reverse.</summary>
    internal static RouteInventory? ParseIPv4(string line)
    {
        var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 8 || !TryHex(fields[1], 8, out var destination) || !TryHex(fields[2], 8, out var gateway) || !TryHex(fields[3], 4, out var flags)
            || !TryHex(fields[7], 8, out var mask) || !long.TryParse(fields[6], NumberStyles.None, CultureInfo.InvariantCulture, out var metric) || (flags & Up) == 0)
        {
            return null;
        }

        var prefix = BitOperations.PopCount(mask);
        return new RouteInventory(string.Create(CultureInfo.InvariantCulture, $"{Address(destination)}/{prefix}"), gateway == 0 ? null : Address(gateway), fields[0], metric);
    }

    /// <summary>A line of <c>/proc/net/ipv6_route</c>; null when it is none, not up, or the kernel's own for a local address.</summary>
    internal static RouteInventory? ParseIPv6(string line)
    {
        var fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 10 || !TryAddress(fields[0], out var destination) || !TryHex(fields[1], 2, out var prefix) || prefix > 128 || !TryAddress(fields[4], out var gateway)
            || !TryHex(fields[5], 8, out var metric) || !TryHex(fields[8], 8, out var flags) || (flags & Up) == 0 || (flags & Local) != 0 || fields[9] == "lo")
        {
            return null;
        }

        return new RouteInventory(string.Create(CultureInfo.InvariantCulture, $"{destination}/{prefix}"), gateway.Equals(IPAddress.IPv6Any) ? null : gateway.ToString(), fields[9], metric);
    }

    private static string Address(uint stored)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, stored);
        return new IPAddress(bytes).ToString();
    }

    private static bool TryAddress(string digits, out IPAddress address)
    {
        var valid = digits.Length == 32 && digits.All(char.IsAsciiHexDigit);
        address = valid ? new IPAddress(Convert.FromHexString(digits)) : IPAddress.IPv6None;
        return valid;
    }

    private static bool TryHex(string digits, int most, out uint value)
    {
        value = 0;
        return digits.Length <= most && uint.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
    }
}
