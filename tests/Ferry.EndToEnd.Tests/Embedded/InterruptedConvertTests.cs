using System.Text.Json;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary>Ctrl-C during <c>ferry convert</c>: exit code 6, and an error that says what is left and how to go on.</summary>
public sealed class InterruptedConvertTests : IDisposable
{
    private readonly TempFolder folder = new("interrupted");

    /// <summary>Makes the test.</summary>
    public InterruptedConvertTests() => Assert.SkipUnless(File.Exists(FerryRepository.Program), "ferry is not built: ./ferry --version");

    private string Output => folder.File("made/out");

    private string Work => Path.Combine(Output, ".ferry");

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AtOnce_LeavesWhatWasThereBefore_AndSaysSo(bool ownFolder)
    {
        if (ownFolder)
        {
            Directory.CreateDirectory(Output);
        }

        var interrupted = await Commands.InterruptedFerryAsync(() => Directory.Exists(Work), Convert(RawImage.Write(folder.File("disk.img"), 3, seed: 1)));

        Assert.Equal(6, interrupted.ExitCode);
        Assert.Matches(@"^error\[CANCELLED\]: Interrupted before the conversion began; .*; Nothing was left behind; run the command again\n$", interrupted.Errors);
        Assert.Equal(ownFolder, Directory.Exists(Output));
        Assert.Equal(ownFolder, Directory.Exists(folder.File("made")));
        Assert.False(Directory.Exists(Work));
    }

    [Fact]
    public async Task WhileConverting_KeepsTheWork_SaysWhere_AndTheSameCommandGoesOn()
    {
        string[] convert = [.. Convert(RawImage.Write(folder.File("disk.img"), 256, seed: 1)), "--json"];
        var interrupted = await Commands.InterruptedFerryAsync(
            () => Directory.Exists(Work) && Directory.EnumerateFiles(Work, "*.vhdx", SearchOption.AllDirectories).Any(), convert);

        Assert.True(interrupted.ExitCode == 6, interrupted.ToString());
        Assert.Contains(
            $"error[CANCELLED]: Interrupted in state Converting; {Work}; Run the same command again to go on, or remove this folder to drop what was done\n",
            interrupted.Errors, StringComparison.Ordinal);
        Assert.Equal("Unfinished", Report(interrupted).Outcome);
        Assert.True(Directory.Exists(Work));

        var resumed = await Commands.FerryAsync(convert);
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        Assert.Equal("Completed", Report(resumed).Outcome);
        Assert.Single(Report(resumed).Steps, step => step.Step == "capture");
        Assert.False(Directory.Exists(Work));
    }

    private static ConversionReport Report(CommandResult result) => JsonSerializer.Deserialize<ConversionReport>(result.Output, DocumentJson.Options)!;

    private string[] Convert(string source) => ["convert", source, "--input-format", "raw", "--to", "hyperv", "--no-fixup", "--output", Output];
}
