using System.Security.Cryptography;
using Ferry.Capture.Sources;
using Ferry.Chunks;
using Ferry.Chunks.Disks;
using Ferry.DiskImages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Ferry.Capture.Tests.Sources;

/// <summary>From a source on disk or behind a URL to manifests.</summary>
public sealed class SourceCapturerTests : IDisposable
{
    private readonly SourceFixture _fixture = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Vmx_IsCapturedInPlace()
    {
        _fixture.WriteDisk();
        var captured = await CaptureAsync(_fixture.WriteVmx());

        Assert.Equal("The VM", captured.Machine.Name);
        var disk = Assert.Single(captured.Machine.Disks);
        Assert.Equal((4L << 20, "vmdk"), (disk.Capacity, disk.Format));
        var capture = Assert.Single(captured.Disks);
        Assert.Equal((4L << 20, false), (capture.Capacity, capture.Remote));
        Assert.InRange(capture.DataBytes, 2L << 20, 4L << 20);
        Assert.Equal(capture.Capacity - capture.DataBytes, captured.Bytes.Zero);

        var manifest = await _fixture.Manifests.OpenAsync(ChunkId.Parse(capture.Manifest), Stop);
        Assert.Equal((_fixture.Root, "disk.vmdk", DiskImageFormat.Vmdk), (manifest.Header.Origin!.Location, manifest.Header.Origin.Image, manifest.Header.Origin.Format));
        Assert.Equal(["disk-flat.vmdk", "disk.vmdk"], manifest.Header.Origin.Pins.Select(p => p.Name).Order());
    }

    [Fact]
    public async Task Vmx_WithSnapshots_IsCapturedThroughTheWholeChain()
    {
        _fixture.WriteDisk("vm.vmdk");
        _fixture.WriteChild("vm-000001.vmdk", "vm.vmdk");
        _fixture.WriteChild("vm-000002.vmdk", "vm-000001.vmdk");

        var captured = await CaptureAsync(_fixture.WriteVmx("vm-000002.vmdk"));

        // The first and the third MiB are the base's, the second is empty, in the fourth the last child changed a grain.
        var capture = Assert.Single(captured.Disks);
        Assert.Equal(3L << 20, capture.DataBytes);
        var manifest = await _fixture.Manifests.OpenAsync(ChunkId.Parse(capture.Manifest), Stop);
        Assert.Equal(
            ["vm-000001-delta.vmdk", "vm-000001.vmdk", "vm-000002-delta.vmdk", "vm-000002.vmdk", "vm-flat.vmdk", "vm.vmdk"],
            manifest.Header.Origin!.Pins.Select(p => p.Name).Order(StringComparer.Ordinal));
        var finding = Assert.Single(captured.Findings, f => f.Id == "DISK_HAS_SNAPSHOT");
        Assert.Contains("2 snapshots", finding.Message, StringComparison.Ordinal);
        var inspected = await new SourceInspector(_fixture.Selector).InspectAsync(_fixture.WriteVmx("vm-000002.vmdk"), null, Stop);
        Assert.Contains(inspected.Findings, f => f.Id == "DISK_HAS_SNAPSHOT");
        Assert.Equal(6, inspected.Disks[0].Files.Count);

        await using (var origin = await OriginImage.OpenAsync(manifest.Header, Stop))
        {
            await origin.VerifyUnchangedAsync(Stop);
            var bytes = new byte[4 << 20];
            await origin.Reader.ReadAsync(0, bytes, Stop);
            Assert.Equal((7, 0, 9, 0, 3), (bytes[0], bytes[1 << 20], bytes[2 << 20], bytes[3 << 20], bytes[^1]));
        }

        File.SetLastWriteTimeUtc(Path.Combine(_fixture.Root, "vm-flat.vmdk"), DateTime.UnixEpoch);
        Assert.Equal(DiskImageErrors.SourceChanged, (await Assert.ThrowsAnyAsync<DiskImageException>(async () => await OriginImage.OpenAsync(manifest.Header, Stop))).Code);
    }

    [Fact]
    public async Task Vmx_WithABrokenChain_IsRefused()
    {
        _fixture.WriteDisk("vm.vmdk");
        _fixture.WriteChild("vm-000001.vmdk", "/vmfs/volumes/1/vm/vm.vmdk");
        Assert.Equal(DiskImageErrors.ForbiddenReference, await FailsAsync(_fixture.WriteVmx("vm-000001.vmdk")));
        _fixture.WriteChild("vm-000001.vmdk", "vm.vmdk", "12345679");
        Assert.Equal(DiskImageErrors.Corrupt, await FailsAsync(_fixture.WriteVmx("vm-000001.vmdk")));
        _fixture.WriteChild("vm-000001.vmdk", "vm.vmdk");
        File.Delete(Path.Combine(_fixture.Root, "vm.vmdk"));
        Assert.Equal(DiskImageErrors.MissingFile, await FailsAsync(_fixture.WriteVmx("vm-000001.vmdk")));
    }

    [Fact]
    public async Task Capture_Repeated_GivesTheSameManifest()
    {
        _fixture.WriteDisk();
        var vmx = _fixture.WriteVmx();
        Assert.Equal((await CaptureAsync(vmx)).Disks, (await CaptureAsync(vmx)).Disks);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Package_WithDigests_IsCompared(bool asOva)
    {
        _fixture.WriteDisk();
        File.Move(Path.Combine(_fixture.Root, "disk-flat.vmdk"), Path.Combine(_fixture.Root, "raw.img"));
        _fixture.Write("vm.ovf", OvfText.Machine(href: "disk.vmdk"));
        File.Delete(Path.Combine(_fixture.Root, "disk.vmdk"));
        _fixture.WriteDisk("disk.vmdk");
        WriteDigests("vm.ovf", "disk.vmdk", "disk-flat.vmdk");
        string Source() => asOva ? _fixture.WriteOva("vm.ova", "vm.ovf", "vm.mf", "disk.vmdk", "disk-flat.vmdk") : Path.Combine(_fixture.Root, "vm.ovf");

        var captured = await CaptureAsync(Source());
        Assert.Equal(("The VM", 4L << 20), (captured.Machine.Name, captured.Machine.Disks[0].Capacity));
        Assert.True(captured.Bytes.Read > 0);
        Assert.Contains(captured.Findings, f => f.Id == "DISK_CAPACITY_DIFFERS");

        File.AppendAllText(Path.Combine(_fixture.Root, "disk.vmdk"), "# changed\n");
        Assert.Equal(SourceErrors.OvfDigestMismatch, await FailsAsync(Source()));
        WriteDigests("disk.vmdk", "disk-flat.vmdk", "vm.ovf");
        File.AppendAllText(Path.Combine(_fixture.Root, "vm.ovf"), " ");
        Assert.Equal(SourceErrors.OvfDigestMismatch, await FailsAsync(Source()));
    }

    [Fact]
    public async Task Url_IsCapturedByRanges()
    {
        _fixture.WriteDisk();
        _fixture.WriteVmx();
        await using var server = await ServeAsync(_fixture.Root);
        var captured = await CaptureAsync(server.Urls.First() + "/lib/vm.vmx");
        Assert.True(Assert.Single(captured.Disks).Remote);
        var manifest = await _fixture.Manifests.OpenAsync(ChunkId.Parse(captured.Disks[0].Manifest), Stop);
        Assert.Equal(server.Urls.First() + "/lib/", manifest.Header.Origin!.Location);
        Assert.Equal(SourceErrors.NotFound, await FailsAsync(server.Urls.First() + "/lib/none.vmx"));
    }

    [Fact]
    public async Task RawImage_MustBeAskedFor()
    {
        _fixture.WriteDisk();
        var raw = Path.Combine(_fixture.Root, "disk-flat.vmdk");
        Assert.Equal(SourceErrors.NotAMachine, await FailsAsync(raw));
        var captured = await CaptureAsync(raw, "raw");
        Assert.Equal(("disk-flat", "raw", 4L << 20), (captured.Machine.Name, captured.Machine.Disks[0].Format, captured.Machine.Disks[0].Capacity));
        Assert.Contains(captured.Findings, f => f.Id == "MACHINE_ASSUMED");
    }

    [Fact]
    public async Task VmdkDescriptor_IsAnImage()
    {
        _fixture.WriteDisk();
        Assert.Equal("vmdk", (await CaptureAsync(Path.Combine(_fixture.Root, "disk.vmdk"))).Machine.Disks[0].Format);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../x")]
    [InlineData("/dev/zero")]
    public async Task Extent_ThatIsNotBeside_IsRefused(string extent)
    {
        _fixture.WriteDisk(extent: extent);
        Assert.Equal(DiskImageErrors.ForbiddenReference, await FailsAsync(_fixture.WriteVmx()));
    }

    [Fact]
    public async Task Disk_ThatIsMissingOrALinkOut_IsRefused()
    {
        Assert.Equal(DiskImageErrors.MissingFile, await FailsAsync(_fixture.WriteVmx()));
        File.CreateSymbolicLink(Path.Combine(_fixture.Root, "disk.vmdk"), "/etc/passwd");
        Assert.Equal(DiskImageErrors.ForbiddenReference, await FailsAsync(_fixture.WriteVmx()));
    }

    [Theory]
    [InlineData("ftp://host/x.vmx", SourceErrors.Forbidden)]
    [InlineData("file:///etc/passwd", SourceErrors.Forbidden)]
    [InlineData("http://user:geheim@host/x.vmx", SourceErrors.Forbidden)]
    [InlineData("http://host/x.vmx?sig=geheim", SourceErrors.Forbidden)]
    [InlineData("http://host/", SourceErrors.NotAMachine)]
    [InlineData("http://host/a%2Fb", SourceErrors.ForbiddenReference)]
    [InlineData("http://169.254.169.254/latest", DiskImageErrors.InputOutput)]
    [InlineData("/no/such/file", SourceErrors.NotFound)]
    [InlineData("/etc", SourceErrors.NotAMachine)]
    [InlineData("/etc/passwd", SourceErrors.NotAMachine)]
    [InlineData("", SourceErrors.NotFound)]
    public async Task Source_ThatCannotBe_IsRefused(string source, string code)
    {
        var e = await Assert.ThrowsAsync<SourceException>(() => _fixture.Capturer.CaptureAsync(source, null, false, _ => { }, Stop));
        Assert.Equal(code, e.Failure.Code);
        Assert.DoesNotContain("geheim", e.Failure.ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(e.Failure.Remedy);
    }

    [Fact]
    public async Task Format_ThatIsUnknown_IsRefused() => Assert.Equal(
        SourceErrors.UnknownFormat, (await Assert.ThrowsAsync<SourceException>(() => _fixture.Capturer.CaptureAsync("/x", "qcow9", false, _ => { }, Stop))).Failure.Code);

    [Fact]
    public async Task Library_HoldsAllSources()
    {
        using var inside = new SourceFixture(new SourcesOptions { LibraryRoots = { _fixture.Root }, AllowedHosts = { "good.example", "*.lib.example" } });
        _fixture.WriteDisk();
        var vmx = _fixture.WriteVmx();
        Assert.Single((await inside.Capturer.CaptureAsync(vmx, null, false, _ => { }, Stop)).Disks);
        File.CreateSymbolicLink(Path.Combine(_fixture.Root, "link.vmx"), "/etc/hostname");
        foreach (var source in new[] { "/etc/hostname", "/etc/none", _fixture.Root + "/../x", Path.Combine(_fixture.Root, "link.vmx"), "http://bad.example/x.vmx", "http://lib.example/x.vmx" })
        {
            var e = await Assert.ThrowsAsync<SourceException>(() => inside.Capturer.CaptureAsync(source, null, false, _ => { }, Stop));
            Assert.Equal(SourceErrors.Forbidden, e.Failure.Code);
        }
    }

    [Fact]
    public async Task Inspector_TellsAllocation()
    {
        _fixture.WriteDisk();
        var found = await new SourceInspector(_fixture.Selector).InspectAsync(_fixture.WriteVmx(), null, Stop);
        var disk = Assert.Single(found.Disks);
        Assert.Equal(("vmx", "vmdk", "monolithicFlat", 4L << 20), (found.Kind, disk.Format, disk.Variant, disk.CapacityBytes));
        Assert.InRange(disk.AllocatedBytes, 2L << 20, 4L << 20);
    }

    private Task<CapturedSource> CaptureAsync(string source, string? format = null) => _fixture.Capturer.CaptureAsync(source, format, false, _ => { }, Stop);

    private async Task<string> FailsAsync(string source)
    {
        var failure = (await Assert.ThrowsAsync<SourceException>(() => CaptureAsync(source))).Failure;
        Assert.NotEmpty(failure.Where);
        Assert.NotEmpty(failure.Remedy);
        return failure.Code;
    }

    private void WriteDigests(params string[] files) => _fixture.Write("vm.mf", string.Concat(
        files.Select(f => $"SHA256({f})= {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(_fixture.Root, f))))}\n")));

    [Fact]
    public async Task Capture_EsxiDatastore_UsesItsCredentialAndKeepsTheQuery()
    {
        using var fixture = new SourceFixture();
        fixture.WriteDisk();
        await using var server = await ServeAsync(fixture.Root, wanted: "Basic " + Convert.ToBase64String("root:geheim"u8));
        var authority = new Uri(server.Urls.First()).Authority;
        using var reader = new SourceFixture(new SourcesOptions
        {
            Credentials = { ["esx"] = new DiskImages.Sources.SourceCredential { Hosts = [authority], UserName = "root", Password = "geheim", AllowHttp = true } },
        });

        var captured = await reader.Capturer.CaptureAsync($"http://{authority}/lib/disk.vmdk?dcPath=ha-datacenter&dsName=store%2F1", null, false, _ => { }, Stop);

        var manifest = await reader.Manifests.OpenAsync(ChunkId.Parse(captured.Disks[0].Manifest), Stop);
        Assert.Equal($"http://{authority}/lib/?dcPath=ha-datacenter&dsName=store%2F1", manifest.Header.Origin!.Location);
    }

    private static async Task<WebApplication> ServeAsync(string folder, string? wanted = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var server = builder.Build();
        server.Urls.Add("http://127.0.0.1:0");
        server.MapMethods("/lib/{name}", ["GET", "HEAD"], (string name, HttpRequest request) => wanted is not null && request.Headers.Authorization != wanted ? Results.Unauthorized()
            : File.Exists(Path.Combine(folder, name))
            ? Results.File(Path.Combine(folder, name), enableRangeProcessing: true, lastModified: File.GetLastWriteTimeUtc(Path.Combine(folder, name)))
            : Results.NotFound());
        await server.StartAsync(Stop);
        return server;
    }
}
