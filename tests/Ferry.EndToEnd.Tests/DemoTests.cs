using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests;

/// <summary><c>./ferry demo</c>: for someone who has no VM at hand.</summary>
[Trait("Tier", "all")]
public sealed class DemoTests : IDisposable
{
    private readonly TempFolder folder = new("demo");

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Demo_BuildsTheSample_ConvertsIt_AndSaysWhatToLookAt()
    {
        var result = await Commands.RunAsync(FerryRepository.Launcher, "demo", folder.File("work"));

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("report.html", result.Output, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.EnumerateFiles(folder.File("work"), "report.html", SearchOption.AllDirectories));
        Assert.NotEmpty(Directory.EnumerateFiles(folder.File("work"), "*.vhdx", SearchOption.AllDirectories));
    }
}
