using System.Buffers.Binary;
using Ferry.Hives.Keys;
using Ferry.Hives.Tests.Support;
using Xunit;

namespace Ferry.Hives.Tests.Reading;

public sealed class NameTests
{
    [Fact]
    public async Task Upper_EveryCharacter_IsWindowsTableAsMkntfsWritesIt()
    {
        Tool.Require("mkntfs");
        Tool.Require("ntfscat");
        using var folder = new TestFolder();
        await using (var disk = File.Create(folder["disk"]))
        {
            disk.SetLength(8 << 20);
        }

        await Tool.RunAsync("mkntfs", "-F", "-Q", "-q", folder["disk"]);
        var table = await Tool.RunForBytesAsync("ntfscat", "-f", "-i", "10", folder["disk"]);
        Assert.Equal(2 << 16, table.Length);
        for (var c = 0; c <= char.MaxValue; c++)
        {
            Assert.Equal(BinaryPrimitives.ReadUInt16LittleEndian(table.AsSpan(2 * c)), HiveNames.Upper((char)c));
        }
    }

    [Fact]
    public void Hash_IsOfUpperCase()
    {
        Assert.Equal(HiveNames.Hash("CONTROLSET001"), HiveNames.Hash("ControlSet001"));
        Assert.Equal(0u, HiveNames.Hash(""));
        Assert.Equal((uint)((('A' * 37) + 'B') * 37) + 'C', HiveNames.Hash("aBc"));
    }

    [Theory]
    [InlineData("abcdef", 0x64636261u)]
    [InlineData("ab", 0x6261u)]
    [InlineData("aЖcd", 0u)]
    public void Hint_IsTheFirstFourCharacters(string name, uint expected) => Assert.Equal(expected, HiveNames.Hint(name));

    [Fact]
    public void Order_IsByUnitsInUpperCase()
    {
        string[] sorted = ["", "A", "ab", "A_", "_", "{", "Ж", "\uffff"];
        Assert.All(sorted.Zip(sorted.Skip(1)), x => Assert.True(HiveNames.Order.Compare(x.First, x.Second) < 0));
        Assert.True(HiveNames.Order.Compare("a_", "AB") > 0);
        Assert.Equal(0, HiveNames.Order.Compare("éa", "ÉA"));
    }
}
