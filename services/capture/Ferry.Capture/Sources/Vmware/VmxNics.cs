using System.Globalization;
using System.Text.RegularExpressions;
using Ferry.Contracts.Machines;

namespace Ferry.Capture.Sources.Vmware;

/// <summary>The network adapters of a .vmx.</summary>
internal static partial class VmxNics
{
    /// <summary>Finds the adapters.</summary>
    public static IReadOnlyList<MachineNic> Find(VmxDocument vmx, SourceFindings findings)
    {
        var numbers = vmx.Keys
            .Select(key => AdapterKey().Match(key))
            .Where(match => match.Success)
            .Select(match => int.Parse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture))
            .Distinct()
            .Order();
        var nics = new List<MachineNic>();
        foreach (var number in numbers)
        {
            var key = string.Create(CultureInfo.InvariantCulture, $"ethernet{number}");
            if (vmx.Flag($"{key}.present") == false)
            {
                continue;
            }

            var mac = FindMac(vmx, key);
            if (mac is null)
            {
                findings.Warn("NIC_WITHOUT_MAC", $"The network adapter {key} has no MAC address yet; the target will give it a new one.", "Check address reservations and licences that depend on it.");
            }

            nics.Add(new MachineNic
            {
                Index = nics.Count,
                MacAddress = mac,
                Network = FindNetwork(vmx, key),
                Model = SourceText.Optional(vmx[$"{key}.virtualdev"]?.ToLowerInvariant()),
                Connected = vmx.Flag($"{key}.startconnected") != false,
            });
        }

        return nics;
    }

    private static string? FindMac(VmxDocument vmx, string key)
    {
        var given = MacAddress.Parse(vmx[$"{key}.address"]);
        var generated = MacAddress.Parse(vmx[$"{key}.generatedaddress"]);
        return vmx[$"{key}.addresstype"]?.Trim().ToLowerInvariant() == "static" ? given ?? generated : generated ?? given;
    }

    private static string? FindNetwork(VmxDocument vmx, string key) =>
        SourceText.Optional(vmx[$"{key}.networkname"])
        ?? SourceText.Optional(vmx[$"{key}.dvs.portgroupid"])
        ?? (vmx[$"{key}.connectiontype"]?.Trim().ToLowerInvariant() == "custom" ? SourceText.Optional(vmx[$"{key}.vnet"]) : null)
        ?? SourceText.Optional(vmx[$"{key}.connectiontype"]);

    [GeneratedRegex(@"\Aethernet([0-9]{1,3})\.", RegexOptions.CultureInvariant)]
    private static partial Regex AdapterKey();
}
