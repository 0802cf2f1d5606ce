using System.Diagnostics;
using System.Globalization;
using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Contracts;

namespace Ferry.Capture.Tests.Sources;

/// <summary>Disks with file systems: what these do not use is left out of the manifest.</summary>
public sealed class UsedBlocksTests : IDisposable
{
    private const int ChunkSize = ManifestHeader.DefaultChunkSize;

    private readonly SourceFixture _fixture = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Capture_OfAFileSystemWithFreeSpace_LeavesItOut()
    {
        var path = await DiskAsync();
        var captured = await _fixture.Capturer.CaptureAsync(path, "raw", false, _ => { }, Stop);

        var disk = Assert.Single(captured.Disks);
        Assert.InRange(disk.UnusedBytes, 30L << 20, 48L << 20);
        Assert.Equal(disk.Capacity, disk.DataBytes + disk.UnusedBytes);
        Assert.Equal((disk.UnusedBytes, 0L), (captured.Bytes.Unused, captured.Bytes.Zero));
        Assert.DoesNotContain(captured.Findings, finding => finding.Id.StartsWith("VOLUME", StringComparison.Ordinal));

        // The free space has data everywhere, and the file system's own first blocks are in the second chunk.
        var manifest = await _fixture.Manifests.OpenAsync(ChunkId.Parse(disk.Manifest), Stop);
        Assert.Equal(ChunkState.Origin, (await manifest.GetAsync(0, Stop)).State);
        Assert.Equal(ChunkState.Origin, (await manifest.GetAsync(1, Stop)).State);
        var unused = 0L;
        await foreach (var run in manifest.ReadRunsAsync(Stop))
        {
            unused += run.Entry.State == ChunkState.Unused ? run.Count * ChunkSize : 0;
        }

        Assert.Equal(disk.UnusedBytes, unused);
    }

    [Fact]
    public async Task Capture_OfAllBlocks_LeavesNothingOut()
    {
        var path = await DiskAsync();
        using var other = new SourceFixture(capture: new CaptureOptions { UsedBlocksOnly = false });
        foreach (var (fixture, allBlocks) in new[] { (_fixture, true), (other, false) })
        {
            var disk = Assert.Single((await fixture.Capturer.CaptureAsync(path, "raw", allBlocks, _ => { }, Stop)).Disks);
            Assert.Equal((0L, disk.Capacity), (disk.UnusedBytes, disk.DataBytes));
        }
    }

    [Fact]
    public async Task Capture_OfADirtyFileSystem_LeavesNothingOutAndSaysSo()
    {
        var path = await DiskAsync();
        await using (var file = File.OpenWrite(path))
        {
            file.Position = (1 << 20) + 1024 + 58;
            file.WriteByte(0);
        }

        var captured = await _fixture.Capturer.CaptureAsync(path, "raw", false, _ => { }, Stop);

        Assert.Equal(0, Assert.Single(captured.Disks).UnusedBytes);
        var finding = Assert.Single(captured.Findings, finding => finding.Id == "VOLUME_DIRTY");
        Assert.Equal(FindingSeverity.Warning, finding.Severity);
        Assert.Contains("disk.raw, partition 1", finding.Message, StringComparison.Ordinal);
        Assert.NotEmpty(finding.Remedy);
    }

    [Fact]
    public async Task Inspect_ShowsVolumesAndWhatIsInUse()
    {
        var path = await DiskAsync();
        var found = await new SourceInspector(_fixture.Selector).InspectAsync(path, "raw", Stop);
        var disk = Assert.Single(found.Disks);
        Assert.Equal("mbr", disk.Partitions);
        var volume = Assert.Single(disk.Volumes);
        Assert.Equal(("partition 1", 1L << 20, 48L << 20, "Linux", "ext2", "data"), (volume.Name, volume.OffsetBytes, volume.LengthBytes, volume.Type, volume.Content, volume.Label));
        Assert.InRange(volume.UsedBytes!.Value, 100_000, 10 << 20);
        Assert.Equal(disk.CapacityBytes - (volume.LengthBytes - volume.UsedBytes), disk.UsedBytes);
    }

    /// <summary>A disk of 50 MiB that is garbage, with an ext2 in its one partition.</summary>
    private async Task<string> DiskAsync()
    {
        var path = Path.Combine(_fixture.Root, "disk.raw");
        var bytes = new byte[50 << 20];
        bytes.AsSpan().Fill(0xa5);
        bytes.AsSpan(0, 512).Clear();
        byte[] entry = [0, 0, 0, 0, 0x83, 0, 0, 0, 0, 8, 0, 0, 0, 0x80, 1, 0];
        entry.CopyTo(bytes, 446);
        (bytes[510], bytes[511]) = (0x55, 0xaa);
        await File.WriteAllBytesAsync(path, bytes, Stop);
        using var mke2fs = Process.Start(new ProcessStartInfo(
            "mke2fs", ["-q", "-F", "-t", "ext2", "-L", "data", "-E", string.Create(CultureInfo.InvariantCulture, $"nodiscard,offset={1 << 20}"), path, "48M"])
        {
            RedirectStandardError = true,
        })!;
        var error = await mke2fs.StandardError.ReadToEndAsync(Stop);
        await mke2fs.WaitForExitAsync(Stop);
        Assert.True(mke2fs.ExitCode == 0, error);
        return path;
    }
}
