using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using Ferry.Agent.Inventory.Disks;
using Ferry.Agent.Inventory.Network;
using Ferry.Agent.Inventory.Systems;

namespace Ferry.Agent.Tests.Inventory;

/// <summary>The parsers of the kernel's texts: what is written comes out again, and nothing makes them fail.</summary>
public sealed class ParserTests
{
    [Property]
    public void AnyLine_IsAResultOrNothing(string? line)
    {
        line ??= "";
        _ = RouteInventory.ParseIPv4(line);
        _ = RouteInventory.ParseIPv6(line);
        _ = MountInventory.Parse(line);
        _ = MountInventory.Unescape(line);
        _ = SwapInventory.Parse(line);
        _ = OsRelease.Parse(line);
    }

    // Words that the formats have, in any order: nearer to a line than any text.
    [Property]
    public Property LineOfKnownWords_IsAResultOrNothing() => Prop.ForAll(
        Gen.Elements("36", "35", "98:0", "/mnt1", "-", "ext3", "/dev/sda", "rw,ro", "\\040", "\\", "00000000", "FFFFFFFF", "0003", "-1", "99999999999999999999", "eth0", new string('0', 32), "80", "ID=\"", "'")
            .ArrayOf().Select(words => string.Join(' ', words)).ToArbitrary(),
        line => AnyLine_IsAResultOrNothing(line));

    [Property]
    public void RouteIPv4_IsReadBack(uint address, byte length, uint gateway, ushort metric)
    {
        var prefix = length % 33;
        var mask = prefix == 0 ? 0u : uint.MaxValue << (32 - prefix);
        var line = string.Create(CultureInfo.InvariantCulture, $"eth0\t{Stored(address & mask):X8}\t{Stored(gateway):X8}\t0003\t0\t0\t{metric}\t{Stored(mask):X8}\t0\t0\t0");
        Assert.Equal(new RouteInventory($"{Text(address & mask)}/{prefix}", gateway == 0 ? null : Text(gateway), "eth0", metric), RouteInventory.ParseIPv4(line));
    }

    [Property]
    public void Name_IsUnescaped(NonNull<string> name)
    {
        // Lone surrogates are in no file name.
        var text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name.Get));
        var escaped = new StringBuilder();
        foreach (var character in text)
        {
            escaped.Append(character is ' ' or '\t' or '\n' or '\\' ? $"\\{Convert.ToString(character, 8).PadLeft(3, '0')}" : character.ToString());
        }

        Assert.Equal(text, MountInventory.Unescape(escaped.ToString()));
    }

    [Fact]
    public void Mountinfo_OptionalFieldsAreSkipped_AndTheFileSystemsOptionsCount()
    {
        Assert.Equal(
            new MountInventory("/dev/mapper/vg-my data", "254:3", "/srv/my data", "ext4", ReadOnly: false),
            MountInventory.Parse("36 35 254:3 / /srv/my\\040data ro,noatime master:1 shared:2 - ext4 /dev/mapper/vg-my\\040data rw,errors=continue"));
        Assert.Null(MountInventory.Parse("36 35 254:3 / /mnt rw - ext4"));
    }

    [Fact]
    public void OsRelease_QuotesAreRemoved_TheLastCounts()
    {
        var values = OsRelease.Parse("NAME=\"A \\\"B\\\" \\$C\"\nID='x\\y'\nID=rhel\n#ID=no\n not a line\nVERSION_ID=8.10\nEMPTY=\"\nlower=1");
        Assert.Equal(("A \"B\" $C", "rhel", "8.10", "\""), (values["NAME"], values["ID"], values["VERSION_ID"], values["EMPTY"]));
        Assert.Equal(4, values.Count);
    }

    [Fact]
    public void Swaps_AreRead() =>
        Assert.Equal(new SwapInventory("/dev/sda2", "partition", 2_097_148L << 10), SwapInventory.Parse("/dev/sda2                               partition\t2097148\t\t0\t\t-2"));

    private static uint Stored(uint address) => (uint)IPAddress.HostToNetworkOrder((int)address);

    private static string Text(uint address) => new IPAddress(BitConverter.GetBytes(Stored(address))) is { AddressFamily: AddressFamily.InterNetwork } ip ? ip.ToString() : "";
}
