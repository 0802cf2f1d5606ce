using System.Text.Json;
using Ferry.Contracts.Conversions;
using Ferry.EndToEnd.Tests.Distributed;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary>The same disk through every kind of source gives the same captured digest; checked against qemu-img.</summary>
public sealed class SourceKindTests : IDisposable
{
    private readonly TempFolder folder = new("sources");

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task OvaAndOvf_ConvertAsTheVmxDoes()
    {
        var direct = await ConvertAsync(FerryRepository.SampleVm, "vmx");
        await Commands.ToolAsync(Path.Combine(FerryRepository.Root, "samples", "make-debian-vm"), folder.File("package"), "--ovf", "--ova");
        var ova = await ConvertAsync(Path.Combine(folder.File("package"), "debian-sample.ova"), "ova");
        var ovf = await ConvertAsync(Path.Combine(folder.File("package"), "debian-sample.ovf"), "ovf");
        Assert.Equal(direct.Disks[0].CapturedDigest, ova.Disks[0].CapturedDigest);
        Assert.Equal(direct.Disks[0].CapturedDigest, ovf.Disks[0].CapturedDigest);
        Assert.Equal(("debian-sample", 2, 1024), (ova.Machine!.Name, ova.Machine.Processors, ova.Machine.MemoryMiB));
    }

    [Fact]
    public async Task HttpSource_IsTransferredAndConverted()
    {
        await using var web = await FolderWebServer.StartAsync(Path.GetDirectoryName(FerryRepository.SampleVm)!);
        var remote = await ConvertAsync(web.Url("debian-sample.vmx"), "http");
        Assert.Contains(remote.Steps, step => step is { Step: "transfer", Outcome: "done" });
        await Commands.ToolAsync(
            "qemu-img", "compare", "-f", "vmdk", "-F", "vhdx", EmbeddedConversion.SourceImage, Path.Combine(folder.File("http"), remote.Disks[0].Image));
    }

    private async Task<ConversionReport> ConvertAsync(string source, string output)
    {
        var result = await Commands.FerryAsync("convert", source, "--to", "hyperv", "--output", folder.File(output), "--no-fixup", "--json");
        Assert.True(result.ExitCode == 0, result.ToString());
        return JsonSerializer.Deserialize<ConversionReport>(result.Output, DocumentJson.Options)!;
    }
}
