using Ferry.Contracts.Machines;
using Ferry.Fixup.Guests.Windows;
using Ferry.Fixup.Guests.Windows.FirstBoot;

namespace Ferry.Fixup.Tests.Windows.FirstBoot;

public sealed class AdapterMatchesTests
{
    private static readonly WindowsAdapter Static = new() { Id = "{1}", Alias = "one", Addresses = ["192.0.2.1"], Masks = ["255.0.0.0"], IsHardware = true };
    private static readonly WindowsAdapter Dhcp = new() { Id = "{2}", Alias = "two", IsDhcp = true, IsHardware = true };

    [Fact]
    public void Of_MacAddresses_MatchInAnyOrderAndCase()
    {
        var matches = AdapterMatches.Of([Static with { MacAddress = "000C29FE5501" }, Static with { Id = "{3}", MacAddress = "000C29FE5502" }], Nics("000c29fe5502", "000C29FE5501"));

        Assert.Equal([("000c29fe5502", "{3}"), ("000C29FE5501", "{1}")], matches.Matched.Select(m => (m.MacAddress, m.Adapter.Id)));
        Assert.Empty(matches.Unmatched);
    }

    [Fact]
    public void Of_AdapterOfLongAgo_IsLeftOut()
    {
        var matches = AdapterMatches.Of([Static with { MacAddress = "000C29FE5501" }, Static with { Id = "{old}", MacAddress = "AABBCCDDEEFF" }, Static with { Id = "{older}" }], Nics("000C29FE5501"));

        Assert.Equal("{1}", Assert.Single(matches.Matched).Adapter.Id);
        Assert.Empty(matches.Unmatched);
    }

    [Fact]
    public void Of_NoMacAddresses_TheOnlyAdapterIsTheMachinesOnlyOne()
    {
        var matches = AdapterMatches.Of([Static, new WindowsAdapter { Id = "{vpn}", Alias = "vpn" }], Nics("000C29FE5501"));

        Assert.Equal(("000C29FE5501", "{1}"), (matches.Matched.Single().MacAddress, matches.Matched.Single().Adapter.Id));
    }

    [Fact]
    public void Of_NoMacAddressesAndSeveralAdapters_IsNotGuessed()
    {
        var matches = AdapterMatches.Of([Static, Dhcp], Nics("000C29FE5501", "000C29FE5502"));

        Assert.Empty(matches.Matched);
        Assert.Equal("{1}", Assert.Single(matches.Unmatched).Id);
    }

    [Theory]
    [InlineData("00:0C:29:FE:55:01")]
    [InlineData("000C29FE550' & x")]
    public void Of_AddressOfAnotherForm_IsNoMatch(string mac) =>
        Assert.Equal("{1}", Assert.Single(AdapterMatches.Of([Static], Nics(mac)).Unmatched).Id);

    private static MachineNic[] Nics(params string[] macs) => [.. macs.Select((m, i) => new MachineNic { Index = i, MacAddress = m })];
}
