using Ferry.Hosting.Library;

namespace Ferry.Hosting.Tests.Library;

public sealed class LibraryNameTests
{
    [Theory]
    [InlineData("web01")]
    [InlineData("Büro 2, _-.x")]
    [InlineData("COM10")]
    public void PlainName_IsTaken(string name) => Assert.Null(LibraryName.Problem(name.Replace(",", "", StringComparison.Ordinal)));

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".ferry")]
    [InlineData("-x")]
    [InlineData(" x")]
    [InlineData("x ")]
    [InlineData("x.")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("a:b")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("a*")]
    [InlineData("con")]
    [InlineData("NUL.vmx")]
    [InlineData("lpt1")]
    [InlineData("COM9.x")]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345")]
    public void NameThatLeadsElsewhere_OrThatSomeFileSystemRefuses_IsRefused(string? name) => Assert.NotNull(LibraryName.Problem(name));

    [Theory]
    [InlineData("web01.vmx", "web01")]
    [InlineData("a:b/c.ovf", "a_b_c")]
    [InlineData("..", "machine")]
    [InlineData("con.vmx", "vm-con")]
    public void NameOfAFile_BecomesOneThatIsTaken(string file, string name)
    {
        Assert.Equal(name, LibraryName.From(file));
        Assert.Null(LibraryName.Problem(LibraryName.From(file)));
    }
}
