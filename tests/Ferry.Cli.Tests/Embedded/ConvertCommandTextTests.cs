using Ferry.Cli.Embedded;

namespace Ferry.Cli.Tests.Embedded;

public sealed class ConvertCommandTextTests
{
    [Fact]
    public void Request_IsTheCommandThatMakesIt() =>
        Assert.Equal("ferry convert /vms/web01.vmx --to hyperv --output /out", ConvertCommandText.Of(Views.Request));

    [Fact]
    public void EveryOption_IsInIt() => Assert.Equal(
        "ferry convert /vms/web01.vmx --to hyperv --output /out --input-format raw --format vhdx --generation 2 --name web --first-boot /a.sh --first-boot '/b c.sh' --no-fixup --all-blocks --rehearse=require --run-first-boot",
        ConvertCommandText.Of(Views.Request with { SourceFormat = "raw", Format = "vhdx", Generation = 2, Name = "web", FirstBoot = ["/a.sh", "/b c.sh"], Fixup = false, AllBlocks = true, Rehearse = "require", RunFirstBoot = true }));

    [Theory]
    [InlineData("/my vms/a.vmx", "'/my vms/a.vmx'")]
    [InlineData("/it's", @"'/it'\''s'")]
    [InlineData("$(rm -rf x)", "'$(rm -rf x)'")]
    [InlineData("-x;y", "'-x;y'")]
    public void Word_OfOtherCharacters_IsQuoted(string source, string quoted) =>
        Assert.StartsWith($"ferry convert {quoted} --to", ConvertCommandText.Of(Views.Request with { Source = source }), StringComparison.Ordinal);
}
