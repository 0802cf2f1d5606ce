using System.Text.Json;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

[assembly: AssemblyFixture(typeof(Ferry.EndToEnd.Tests.Embedded.EmbeddedConversion))]

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary>The sample machine converted once by <c>ferry convert</c>, with and without fix-up; shared by the tests that look at the result.</summary>
public sealed class EmbeddedConversion : IAsyncDisposable
{
    /// <summary>What the guest writes to its serial console at its first start.</summary>
    public const string FirstBootSays = "hello-from-the-first-start";

    private readonly TempFolder folder = new("e2e");
    private readonly SemaphoreSlim gate = new(1);
    private ConversionReport? report;

    /// <summary>The output folder of the real conversion.</summary>
    public string Output => folder.File("fixed");

    /// <summary>The output folder of the conversion that leaves the guest as it is.</summary>
    public string Unfixed => folder.File("unfixed");

    /// <summary>The report that was printed.</summary>
    public ConversionReport Report => report ?? throw new InvalidOperationException("Call ReadyAsync first.");

    /// <summary>The image.</summary>
    public string Image => Path.Combine(Output, Report.Disks[0].Image);

    /// <summary>The script that runs at the guest's first start.</summary>
    public string FirstBootScript => folder.File("hello.sh");

    /// <summary>The source's image.</summary>
    public static string SourceImage => Path.ChangeExtension(FerryRepository.SampleVm, ".vmdk");

    /// <summary>A file in the fixture's folder.</summary>
    public string File(string name) => folder.File(name);

    /// <summary>Converts, the first time; a run that needs no embedded conversion does not pay for it.</summary>
    public async Task ReadyAsync()
    {
        await gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            report ??= await ConvertAsync();
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<ConversionReport> ConvertAsync()
    {
        var source = FerryRepository.SampleVm;
        var unfixed = await Commands.FerryAsync("convert", source, "--to", "hyperv", "--output", Unfixed, "--no-fixup");
        Assert.True(unfixed.ExitCode == 0, unfixed.ToString());

        await System.IO.File.WriteAllTextAsync(FirstBootScript, $"#!/bin/sh\necho {FirstBootSays} >/dev/ttyS0\n");
        var result = await Commands.FerryAsync("convert", source, "--to", "hyperv", "--output", Output, "--first-boot", FirstBootScript, "--json");
        Assert.True(result.ExitCode == 0, result.ToString());
        return JsonSerializer.Deserialize<ConversionReport>(result.Output, DocumentJson.Options)!;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        folder.Dispose();
        gate.Dispose();
        return ValueTask.CompletedTask;
    }
}
