using System.Text.Json;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary><c>ferry convert --rehearse</c>: the machine is started before it is published, and what does not boot is not.</summary>
public sealed class RehearsalTests : IDisposable
{
    private static readonly byte[] png = [0x89, (byte)'P', (byte)'N', (byte)'G'];
    private readonly TempFolder folder = new("rehearsal");

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task SampleGuest_RequiredToBoot_BootsOnTheTargetsDevices_AndIsPublished()
    {
        var output = folder.File("kvm");
        var result = await Commands.FerryAsync("convert", FerryRepository.SampleVm, "--to", "kvm", "--output", output, "--rehearse=require", "--json");

        Assert.True(result.ExitCode == 0, result.ToString());
        var report = JsonSerializer.Deserialize<ConversionReport>(result.Output, DocumentJson.Options)!;
        Assert.Equal(["capture", "preflight", "fixup", "rehearse", "convert", "publish", "cleanup"], report.Steps.Select(step => step.Step));
        var rehearsal = report.Rehearsal!;
        Assert.True(rehearsal.Verdict == "booted", JsonSerializer.Serialize(rehearsal));
        Assert.Contains("virtio-blk", rehearsal.Machine, StringComparison.Ordinal);
        Assert.NotEmpty(rehearsal.SerialLines);
        var picture = await File.ReadAllBytesAsync(Path.Combine(output, "rehearsal.png"), TestContext.Current.CancellationToken);
        Assert.Equal((rehearsal.ScreenBytes, true), (picture.Length, picture.AsSpan().StartsWith(png)));
        var page = await File.ReadAllTextAsync(Path.Combine(output, "report.html"), TestContext.Current.CancellationToken);
        Assert.Contains("<h2>Rehearsal: <span class=\"booted\">booted</span></h2>", page, StringComparison.Ordinal);
        Assert.Contains("data:image/png;base64,", page, StringComparison.Ordinal);
        Assert.Empty(report.Residue);
    }

    [Fact]
    public async Task EmptyDisk_RequiredToBoot_EndsWithTheQuote_AndLeavesNothing()
    {
        var (disk, output) = (Empty(), folder.File("out"));
        var result = await Commands.FerryAsync("convert", disk, "--to", "kvm", "--output", output, "--no-fixup", "--input-format", "raw", "--rehearse=require");

        Assert.True(result.ExitCode == 5, result.ToString());
        Assert.Contains("error[REHEARSAL_NOT_BOOTED]", result.Errors, StringComparison.Ordinal);
        Assert.Contains("\"No bootable device.\"", result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(output) && Directory.EnumerateFileSystemEntries(output).Any());
    }

    [Fact]
    public async Task EmptyDisk_Reported_IsConvertedAllTheSame()
    {
        var (disk, output) = (Empty(), folder.File("out"));
        var result = await Commands.FerryAsync("convert", "--rehearse", disk, "--to", "kvm", "--output", output, "--no-fixup", "--input-format", "raw");

        Assert.True(result.ExitCode == 0, result.ToString());
        Assert.Contains("rehearsal: panicked", result.Output, StringComparison.Ordinal);
        Assert.Contains("warning[REHEARSAL_PANICKED]", result.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(output, "rehearsal.png")));
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task SampleGuest_FirstBootBeforeTheMove_IsKept_AndTheResultBoots()
    {
        var (script, output) = (folder.File("mark.sh"), folder.File("first"));
        await File.WriteAllTextAsync(script, "#!/bin/sh\necho it has run > /root/first-boot-was-here\n", TestContext.Current.CancellationToken);
        var result = await Commands.FerryAsync(
            "convert", FerryRepository.SampleVm, "--to", "kvm", "--output", output, "--first-boot", script, "--run-first-boot", "--rehearse=require", "--json");

        Assert.True(result.ExitCode == 0, result.ToString());
        var report = JsonSerializer.Deserialize<ConversionReport>(result.Output, DocumentJson.Options)!;
        Assert.Equal(["capture", "preflight", "fixup", "first-boot", "rehearse", "convert", "publish", "cleanup"], report.Steps.Select(step => step.Step));
        Assert.Equal("powered-off", report.FirstBoot!.Sign);
        Assert.Equal("booted", report.Rehearsal!.Verdict);
        Assert.DoesNotContain(report.Findings, finding => finding.Id == "GUEST_FIRST_BOOT_AT_TARGET");
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task SampleGuest_WithoutFixup_IsRehearsedOnTheDevicesOfItsDomainXml()
    {
        var output = folder.File("unfixed");
        var result = await Commands.FerryAsync("convert", FerryRepository.SampleVm, "--to", "kvm", "--output", output, "--no-fixup", "--rehearse", "--json");

        Assert.True(result.ExitCode == 0, result.ToString());
        var rehearsal = JsonSerializer.Deserialize<ConversionReport>(result.Output, DocumentJson.Options)!.Rehearsal!;
        Assert.Contains("SATA", rehearsal.Machine, StringComparison.Ordinal);
        Assert.Contains(rehearsal.Verdict, (string[])["booted", "panicked"]);
        Assert.NotEmpty(rehearsal.Quote);
    }

    private string Empty()
    {
        var disk = folder.File("empty.raw");
        using var file = File.Create(disk);
        file.SetLength(64 << 20);
        return disk;
    }
}
