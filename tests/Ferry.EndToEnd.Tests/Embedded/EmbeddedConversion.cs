using System.Text.Json;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary>The sample machine converted once by <c>ferry convert</c>, with and without fix-up; shared by the tests that look at the result.</summary>
public sealed class EmbeddedConversion : IAsyncLifetime
{
    private readonly TempFolder folder = new("e2e");

    /// <summary>The output folder of the real conversion.</summary>
    public string Output => folder.File("fixed");

    /// <summary>The output folder of the conversion that leaves the guest as it is.</summary>
    public string Unfixed => folder.File("unfixed");

    /// <summary>The report that was printed.</summary>
    public ConversionReport Report { get; private set; } = null!;

    /// <summary>The image.</summary>
    public string Image => Path.Combine(Output, Report.Disks[0].Image);

    /// <summary>The source's image.</summary>
    public static string SourceImage => Path.ChangeExtension(FerryRepository.SampleVm, ".vmdk");

    /// <summary>A file in the fixture's folder.</summary>
    public string File(string name) => folder.File(name);

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var source = FerryRepository.SampleVm;
        var result = await Commands.FerryAsync("convert", source, "--to", "hyperv", "--output", Output, "--json");
        Assert.True(result.ExitCode == 0, result.ToString());
        Report = JsonSerializer.Deserialize<ConversionReport>(result.Output, DocumentJson.Options)!;

        var unfixed = await Commands.FerryAsync("convert", source, "--to", "hyperv", "--output", Unfixed, "--no-fixup");
        Assert.True(unfixed.ExitCode == 0, unfixed.ToString());
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        return ValueTask.CompletedTask;
    }
}
