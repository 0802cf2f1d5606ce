using Ferry.DiskImages.Sources;
using Ferry.Testing;

namespace Ferry.Transfer.Tests.Sources;

public sealed class SourceCredentialsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void HeaderFor_NoName_IsTheOneOfTheHost()
    {
        var credentials = Of(new SourceCredential { Hosts = ["*.example"], UserName = "a", Password = "b" });

        Assert.Equal("YTpi", credentials.HeaderFor(null, new Uri("https://esx.example/x"))!.Parameter);
        Assert.Null(credentials.HeaderFor(null, new Uri("https://esx.example.evil.test/x")));
    }

    [Theory]
    [InlineData("https://other.test/x", "set")] // Another host.
    [InlineData("http://esx.example/x", "set")] // In the clear.
    [InlineData("https://esx.example/x", "missing")]
    [InlineData("https://esx.example/x", "../set")]
    [InlineData("https://esx.example/x", "")]
    public void HeaderFor_MayNotBeSent_IsRefusedWithoutTheSecret(string url, string name)
    {
        var credentials = Of(new SourceCredential { Hosts = ["esx.example"], UserName = "a", Password = "hush" });

        var refused = Assert.Throws<SourceCredentialException>(() => credentials.HeaderFor(name, new Uri(url)));

        Assert.DoesNotContain("hush", refused.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(refused.Remedy);
    }

    [Fact]
    public void HeaderFor_AFile_IsReadEachTime()
    {
        var credentials = Of(new SourceCredential());
        File.WriteAllText(folder.At("file"), "hosts=esx.example, b.example\nusername=a\npassword=b\n");
        Assert.Equal("YTpi", credentials.HeaderFor("file", new Uri("https://b.example/x"))!.Parameter);

        File.WriteAllText(folder.At("file"), "hosts=other.example\nusername=a\npassword=b\n");
        Assert.Throws<SourceCredentialException>(() => credentials.HeaderFor("file", new Uri("https://b.example/x")));
    }

    [Fact]
    public void HeaderFor_APasswordFile_IsItsFirstLine()
    {
        File.WriteAllText(folder.At("password"), "b\n");
        var credentials = Of(new SourceCredential { Hosts = ["esx.example"], UserName = "a", PasswordFile = folder.At("password") });

        Assert.Equal("YTpi", credentials.HeaderFor("set", new Uri("https://esx.example/x"))!.Parameter);
    }

    private SourceCredentials Of(SourceCredential credential) => new(new Dictionary<string, SourceCredential> { ["set"] = credential }, folder.Path);
}
