using System.Text.Json;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary><c>ferry convert</c> is killed in the middle; the same command goes on behind what was proven.</summary>
public sealed class EmbeddedResumeTests : IDisposable
{
    private readonly TempFolder folder = new("resume");

    private string Output => folder.File("out");

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Convert_KilledBetweenSlices_GoesOn_WithTheSameResult()
    {
        string[] arguments = ["convert", FerryRepository.SampleVm, "--to", "hyperv", "--output", Output, "--no-fixup", "--json"];
        var killed = await Commands.FaultyFerryAsync("convert.slice.proven:2", arguments);
        Assert.Equal(137, killed.ExitCode);
        Assert.True(Directory.Exists(Path.Combine(Output, ".ferry")), "nothing was kept to go on with");

        var resumed = await Commands.FerryAsync(arguments);
        Assert.True(resumed.ExitCode == 0, resumed.ToString());
        var report = JsonSerializer.Deserialize<ConversionReport>(resumed.Output, DocumentJson.Options)!;
        Assert.Equal(2, report.Steps.Single(step => step.Step == "convert").Epoch);
        Assert.Single(report.Steps, step => step.Step == "capture");
        Assert.Equal(report.Disks[0].CapturedDigest, report.Disks[0].ImageDigest);
        Assert.False(Directory.Exists(Path.Combine(Output, ".ferry")));
        await Commands.ToolAsync(
            "qemu-img", "compare", "-f", "vmdk", "-F", "vhdx", EmbeddedConversion.SourceImage, Path.Combine(Output, report.Disks[0].Image));
    }

    [Fact]
    public async Task SecondFerry_InTheSameOutputFolder_IsRefused()
    {
        Directory.CreateDirectory(Path.Combine(Output, ".ferry"));
        await using var held = new FileStream(Path.Combine(Output, ".ferry", "lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        var result = await Commands.FerryAsync("convert", FerryRepository.SampleVm, "--to", "hyperv", "--output", Output);
        Assert.Equal(5, result.ExitCode);
        Assert.Contains("error[OUTPUT_IN_USE]: ", result.Errors, StringComparison.Ordinal);
    }
}
