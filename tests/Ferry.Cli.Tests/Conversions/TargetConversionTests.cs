using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using Ferry.Cli.Tests.Library;
using Ferry.Contracts.Conversions;

namespace Ferry.Cli.Tests.Conversions;

/// <summary>Whole conversions to each target that is not Hyper-V, over the REST API of all services in one process; the images are read back by qemu-img.</summary>
public sealed class TargetConversionTests : IAsyncLifetime
{
    // No whole number of MiB.
    private const long DiskBytes = (5 << 20) + (3 * 512);
    private const long MiB = 1 << 20;
    private LibraryHost host = null!;

    public async ValueTask InitializeAsync() => host = await LibraryHost.StartAsync();

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Theory]
    [InlineData("kvm", null, "web-disk0.qcow2", "qcow2", DiskBytes)]
    [InlineData("kvm", "raw", "web-disk0.img", "raw", DiskBytes)]
    [InlineData("azure", null, "web-disk0.vhd", "vpc", 6 * MiB)]
    public async Task Disk_IsConverted_WithItsDefinition(string target, string? format, string image, string qemuFormat, long capacity)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/qemu-img"), "qemu-img is not installed (apt-get install qemu-utils).");
        var disk = new byte[DiskBytes];
        new Random(7).NextBytes(disk.AsSpan(0, 1 << 20));
        new Random(8).NextBytes(disk.AsSpan((int)DiskBytes - 700));
        var source = Path.Combine(host.Remote, "web.img");
        var output = Path.Combine(host.Remote, "out");
        await File.WriteAllBytesAsync(source, disk, LibraryHost.Token);

        var view = await ConvertAsync(new ConversionRequest { Source = source, SourceFormat = "raw", Name = "web", Target = target, Format = format, Output = output, Fixup = false });

        Assert.True(view.State == "Completed", view.Failure?.Message);
        using var info = JsonDocument.Parse(await QemuImgAsync("info", "--output=json", "-f", qemuFormat, Path.Combine(output, image)));
        Assert.Equal(capacity, info.RootElement.GetProperty("virtual-size").GetInt64());
        await QemuImgAsync("compare", "-f", "raw", "-F", qemuFormat, source, Path.Combine(output, image));
        Assert.Equal(
            new[] { image, target == "kvm" ? "domain.xml" : "deploy.sh", "report.html", "report.json" }.Order(StringComparer.Ordinal),
            Directory.EnumerateFiles(output).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal));
        if (target == "kvm")
        {
            var domain = XElement.Load(Path.Combine(output, "domain.xml"));
            Assert.Equal(Path.Combine(output, image), domain.Descendants("source").First().Attribute("file")!.Value);
            Assert.Equal("sata", domain.Descendants("disk").Single().Element("target")!.Attribute("bus")!.Value);
        }
        else
        {
            Assert.Contains(view.Findings, finding => finding.Id == "AZURE_DISK_PADDED");
            Assert.Contains($"\nbytes=({(6 * MiB) + 512})\n", await File.ReadAllTextAsync(Path.Combine(output, "deploy.sh"), LibraryHost.Token), StringComparison.Ordinal);
        }
    }

    /// <summary>The images' names in the definition are those that they have when the machine has appeared, not those of the folder in which it grew.</summary>
    [Fact]
    public async Task MachineInTheLibrary_HasADomainThatNamesItsPlaceThere()
    {
        var source = Path.Combine(host.Remote, "web.img");
        await File.WriteAllBytesAsync(source, new byte[DiskBytes], LibraryHost.Token);

        var view = await ConvertAsync(new ConversionRequest { Source = source, SourceFormat = "raw", Name = "web", Target = "kvm", Output = "library:web-kvm", Fixup = false });

        Assert.True(view.State == "Completed", view.Failure?.Message);
        var image = XElement.Load(host.In("web-kvm", "domain.xml")).Descendants("source").First().Attribute("file")!.Value;
        Assert.Equal(host.In("web-kvm", "web-disk0.qcow2"), image);
        Assert.True(File.Exists(image));
    }

    private async Task<ConversionView> ConvertAsync(ConversionRequest request)
    {
        var (status, body) = await host.PostAsync("/api/v1/conversions", request);
        Assert.True(status == HttpStatusCode.Accepted, body.ToString());
        return await host.ConversionAsync(body.GetProperty("id").GetGuid(), conversion => conversion.Ended, "the conversion has ended");
    }

    private static async Task<string> QemuImgAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/qemu-img", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(LibraryHost.Token);
        var error = await process.StandardError.ReadToEndAsync(LibraryHost.Token);
        await process.WaitForExitAsync(LibraryHost.Token);
        Assert.True(process.ExitCode == 0, $"qemu-img {string.Join(' ', arguments)}: {await output}{error}");
        return await output;
    }
}
