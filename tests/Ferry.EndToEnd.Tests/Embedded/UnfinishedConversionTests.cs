using System.Text.Json;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary>A killed <c>ferry convert</c> is gone on with by the same command only; another one neither runs beside it nor publishes it.</summary>
public sealed class UnfinishedConversionTests : IAsyncLifetime
{
    private readonly TempFolder folder = new("unfinished");
    private string first = "";
    private string second = "";

    private string Output => folder.File("out");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(File.Exists(FerryRepository.Program), "ferry is not built: ./ferry --version");
        first = RawImage.Write(folder.File("a.img"), 3, seed: 1);
        second = RawImage.Write(folder.File("b.img"), 3, seed: 2);
        Assert.Equal(137, (await Commands.FaultyFerryAsync("convert.verify", Convert(first))).ExitCode);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("b.img")]
    [InlineData("a.img", "--generation", "1")]
    [InlineData("a.img", "--name", "other")]
    public async Task AnotherCommand_IsRefused_AndTheSameOneGoesOn(string source, params string[] options)
    {
        var refused = await Commands.FerryAsync([.. Convert(folder.File(source)), .. options]);
        Assert.Equal(5, refused.ExitCode);
        Assert.Contains($"error[OUTPUT_UNFINISHED]: ", refused.Errors, StringComparison.Ordinal);
        Assert.Contains($"conversion of {first} in state Converting", refused.Errors, StringComparison.Ordinal);
        Assert.Contains($"ferry convert {first} --to hyperv --output {Output} --input-format raw --no-fixup", refused.Errors, StringComparison.Ordinal);
        Assert.Equal([".ferry"], Entries());

        var same = await Commands.FerryAsync(Convert(first));
        Assert.True(same.ExitCode == 0, same.ToString());
        Assert.Equal(["a-disk0.vhdx", "import.ps1", "report.html", "report.json", "vm.json"], Entries());
    }

    [Fact]
    public async Task Discard_DropsTheOldOne_AndOnlyTheNewOneIsPublished()
    {
        var discarded = await Commands.FerryAsync([.. Convert(second), "--discard", "--json"]);
        Assert.True(discarded.ExitCode == 0, discarded.ToString());
        Assert.Contains($"discarded: the conversion of {first}, which was in state Converting", discarded.Errors, StringComparison.Ordinal);
        Assert.Equal(["b-disk0.vhdx", "import.ps1", "report.html", "report.json", "vm.json"], Entries());
        Assert.Equal(second, JsonSerializer.Deserialize<ConversionReport>(discarded.Output, DocumentJson.Options)!.Request.Source);
    }

    [Fact]
    public async Task Discard_InTheMiddleOfPublishing_TakesBackWhatWasInPlace()
    {
        Assert.Equal(137, (await Commands.FaultyFerryAsync("publish.afterRename:2", Convert(first))).ExitCode);
        Assert.Equal([".ferry", "a-disk0.vhdx", "vm.json"], Entries());

        var discarded = await Commands.FerryAsync([.. Convert(second), "--discard"]);

        Assert.True(discarded.ExitCode == 0, discarded.ToString());
        Assert.Equal(["b-disk0.vhdx", "import.ps1", "report.html", "report.json", "vm.json"], Entries());
    }

    private string[] Convert(string source) => ["convert", source, "--input-format", "raw", "--to", "hyperv", "--no-fixup", "--output", Output];

    private IEnumerable<string?> Entries() => Directory.EnumerateFileSystemEntries(Output).Select(Path.GetFileName).Order(StringComparer.Ordinal);
}
