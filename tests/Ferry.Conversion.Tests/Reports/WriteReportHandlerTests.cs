using System.Text.Json;
using Ferry.Contracts;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;
using Ferry.Conversion.Reports;
using Ferry.Conversion.Tests.Support;
using Ferry.Testing;

namespace Ferry.Conversion.Tests.Reports;

public sealed class WriteReportHandlerTests
{
    private const string Hostile = "<script>alert('x')</script>\" onload=\"y & z";

    private static readonly DateTimeOffset start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void Render_HostileValues_AreEncodedEverywhere()
    {
        var page = HtmlReport.Render(Report());

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("onload=\"", page, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(&#x27;x&#x27;)&lt;/script&gt;&quot; onload=&quot;y &amp; z", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Report_LoadsNothingFromElsewhere()
    {
        var page = HtmlReport.Render(Report());

        Assert.DoesNotContain("http:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", page, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
        Assert.Contains("prefers-color-scheme", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Render_Report_TellsTheProof()
    {
        var page = HtmlReport.Render(Report());

        Assert.Contains(new string('a', 64), page, StringComparison.Ordinal);
        Assert.Contains("3 chunks: 3-4, 50", page, StringComparison.Ordinal);
        Assert.Contains("0123456789abcdef0123456789abcdef", page, StringComparison.Ordinal);
        Assert.Contains("left:0%;width:50%", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Report_WritesBothFilesAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var command = new WriteReport { ConversionId = Guid.NewGuid(), Attempt = 1, Output = folder.Path, Report = Report() };
        var job = new FakeJobContext<WriteReport>(command.ConversionId, command);

        await new WriteReportHandler(NoChunks.Manifests).RunAsync(job, TestContext.Current.CancellationToken);
        await new WriteReportHandler(NoChunks.Manifests).RunAsync(job, TestContext.Current.CancellationToken);

        Assert.Equal(["report.html", "report.json"], Directory.EnumerateFileSystemEntries(folder.Path).Select(Path.GetFileName).Order());
        using var json = JsonDocument.Parse(await File.ReadAllTextAsync(folder.At("report.json"), TestContext.Current.CancellationToken));
        Assert.Equal("Completed", json.RootElement.GetProperty("outcome").GetString());
        Assert.Equal("warning", json.RootElement.GetProperty("findings")[0].GetProperty("severity").GetString());
        Assert.Equal(Hostile, json.RootElement.GetProperty("machine").GetProperty("name").GetString());
    }

    private static ConversionReport Report() => new()
    {
        Id = Guid.Parse("6f1d2c3b-0000-4000-8000-000000000005"),
        Outcome = "Completed",
        Request = new ConversionRequest { Source = Hostile, Target = "hyperv", Output = Hostile, Name = Hostile },
        Machine = new MachineDescription
        {
            Name = Hostile, Processors = 2, MemoryMiB = 4096, Firmware = Firmware.Uefi, Disks = [], Nics = [new MachineNic { Index = 0, Network = Hostile, Model = Hostile, MacAddress = Hostile }],
        },
        StartedAt = start,
        EndedAt = start.AddMinutes(2),
        Steps =
        [
            new StepView { Step = "capture", Attempt = 1, StartedAt = start, EndedAt = start.AddMinutes(1), Outcome = "done", Bytes = new ByteCounts { Read = 5 << 20 } },
            new StepView { Step = Hostile, Attempt = 2, StartedAt = start.AddMinutes(1), EndedAt = start.AddMinutes(2), Outcome = Hostile, Epoch = 2 },
        ],
        Disks =
        [
            new DiskReport
            {
                Disk = 0, Capacity = 1 << 30, ChunkSize = 1 << 20, Image = Hostile, Format = Hostile, ImageBytes = 7 << 20, CapturedManifest = Hostile, CapturedDigest = new string('a', 64),
                ImageManifest = Hostile, ImageDigest = new string('b', 64), VerifiedChunks = 1024, ChangedByFixup = [new ChunkRange(3, 2), new ChunkRange(50, 1)], Bytes = new ByteCounts(),
            },
        ],
        Guest = new GuestReport { Family = Hostile, Distribution = Hostile, Version = Hostile, Changes = [new GuestChange { Rule = Hostile, Path = Hostile, Summary = Hostile }] },
        Rehearsal = new RehearsalReport
        {
            Verdict = Hostile, Sign = Hostile, Quote = Hostile, Cause = Hostile, Seconds = 61.5, Acceleration = Hostile, Machine = Hostile, Differences = [Hostile], FailedUnits = [Hostile], SerialLines = [Hostile, "</pre>"],
        },
        Findings = [new Finding { Id = Hostile, Severity = FindingSeverity.Warning, Message = Hostile, Remedy = Hostile }],
        Failure = new Failure { Code = Hostile, Message = Hostile, Where = Hostile, Remedy = Hostile },
        Residue = [Hostile],
        TraceId = "0123456789abcdef0123456789abcdef",
    };
}
