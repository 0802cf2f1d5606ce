using Ferry.Conversion.Output;
using FsCheck.Xunit;

namespace Ferry.Conversion.Tests.Output;

public sealed class MachineFileNameTests
{
    [Theory]
    [InlineData("web01", "web01")]
    [InlineData("../../etc/passwd", "_.._etc_passwd")]
    [InlineData("..", "machine")]
    [InlineData("", "machine")]
    [InlineData(".hidden", "hidden")]
    [InlineData("a\nb\0c", "a_b_c")]
    [InlineData("CON", "_CON")]
    [InlineData("com1.x", "_com1.x")]
    [InlineData("-rf", "rf")]
    [InlineData("Büro 7", "Büro 7")]
    [InlineData("x$(id)`;&|", "x__id_____")]
    public void Safe_HostileName_IsHarmless(string name, string expected) => Assert.Equal(expected, MachineFileName.Safe(name));

    [Property]
    public bool Safe_AnyName_IsOneShortVisibleFileName(string? name)
    {
        var safe = MachineFileName.Safe(name ?? "");
        return safe.Length is > 0 and <= MachineFileName.MaxLength + 1
            && safe[0] != '.'
            && Path.GetFileName(safe) == safe
            && safe.All(letter => char.IsLetterOrDigit(letter) || letter is '.' or '_' or '-' or ' ');
    }

    [Fact]
    public void Image_NamesDiskAndFormat()
    {
        Assert.Equal("web01-disk0.vhdx", MachineFileName.Image("web01", 0, "vhdx"));
        Assert.Equal("web01-disk12.img", MachineFileName.Image("web01", 12, "raw"));
    }
}
