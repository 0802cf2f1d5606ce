using Ferry.Contracts.Machines;

namespace Ferry.Fixup.Guests.Windows.FirstBoot;

/// <summary>Which of the machine's adapters has which settings of the registry. Nothing is guessed: what cannot be told is left out and named.</summary>
/// <param name="Matched">Settings by MAC address.</param>
/// <param name="Unmatched">Adapters with settings that could be any of the machine's.</param>
internal sealed record AdapterMatches(IReadOnlyList<(string MacAddress, WindowsAdapter Adapter)> Matched, IReadOnlyList<WindowsAdapter> Unmatched)
{
    private const int MacDigits = 12;

    /// <summary>Matches by MAC address; where Windows keeps none (8.1 and earlier) one adapter with settings is the machine's only one.</summary>
    public static AdapterMatches Of(IReadOnlyList<WindowsAdapter> adapters, IReadOnlyList<MachineNic> nics)
    {
        var macs = nics.Select(n => n.MacAddress).OfType<string>().Where(m => m.Length == MacDigits && m.All(char.IsAsciiHexDigit)).ToList();
        if (adapters.Any(a => a.MacAddress is not null))
        {
            // What has an address that the machine has not, or none, is what is left of an adapter of long ago.
            var byMac = macs.Select(m => (m, Adapter: adapters.FirstOrDefault(a => string.Equals(a.MacAddress, m, StringComparison.OrdinalIgnoreCase) && a.HasSettings)));
            return new AdapterMatches([.. byMac.Where(m => m.Adapter is not null).Select(m => (m.m, m.Adapter!))], []);
        }

        var hardware = adapters.Where(a => a.IsHardware).ToList();
        var set = hardware.Where(a => a.HasSettings).ToList();
        return set.Count == 0 ? new AdapterMatches([], [])
            : hardware.Count == 1 && macs.Count == 1 ? new AdapterMatches([(macs[0], set[0])], [])
            : new AdapterMatches([], set);
    }
}
