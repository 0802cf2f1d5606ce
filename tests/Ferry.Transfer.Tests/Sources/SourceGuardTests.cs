using Ferry.Hosting.Jobs;
using Ferry.Transfer.Sources;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Tests.Sources;

public sealed class SourceGuardTests
{
    [Theory]
    [InlineData("file:///etc/passwd", TransferErrors.OriginNotRemote)]
    [InlineData("ftp://host/x/", TransferErrors.OriginNotRemote)]
    [InlineData("/srv/library/", TransferErrors.OriginNotRemote)]
    [InlineData("http://user:secret@host.example/x/", TransferErrors.SourceNotAllowed)]
    [InlineData("http://evil.example/x/", TransferErrors.SourceNotAllowed)]
    [InlineData("http://images.example.evil.test/x/", TransferErrors.SourceNotAllowed)]
    public void Check_NotAllowed_IsRefusedWithoutTheSecret(string location, string code)
    {
        var failed = Assert.Throws<JobFailedException>(() => Guard("*.images.example", "host.example").Check(location));

        Assert.Equal(code, failed.Failure.Code);
        Assert.DoesNotContain("secret", failed.Failure.Message + failed.Failure.Where, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://eu.images.example/x/")]
    [InlineData("https://HOST.example/x/")]
    [InlineData("http://other.example:8080/x/")]
    public void Check_Listed_IsAllowed(string location) => Assert.Equal(new Uri(location), Guard("*.images.example", "host.example", "other.example:8080").Check(location));

    [Fact]
    public async Task Connect_LinkLocalAddress_IsRefused()
    {
        using var client = Guard().Rules.CreateClient(TimeSpan.FromSeconds(5));

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("http://169.254.169.254/latest/"), TestContext.Current.CancellationToken));
    }

    private static SourceGuard Guard(params string[] hosts) => new(Options.Create(new SourcesOptions { AllowedHosts = [.. hosts] }));
}
