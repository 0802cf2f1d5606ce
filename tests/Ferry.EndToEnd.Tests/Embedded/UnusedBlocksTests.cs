using System.Text.Json;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary>Blocks that no file system uses: left out unless all are asked for.</summary>
public sealed class UnusedBlocksTests : IDisposable
{
    private const int Size = 60 << 20;

    private readonly TempFolder folder = new("unused");

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Convert_LeavesOutWhatIsNotInUse_UnlessAllBlocksAreAskedFor()
    {
        Assert.SkipUnless(File.Exists(FerryRepository.Program), "ferry is not built: ./ferry --version");
        var source = folder.File("disk.img");
        var bytes = new byte[Size];
        new Random(3).NextBytes(bytes);
        bytes.AsSpan(0, 128 << 10).Clear();
        await File.WriteAllBytesAsync(source, bytes, TestContext.Current.CancellationToken);
        await Commands.ToolAsync("mke2fs", "-q", "-F", "-t", "ext4", "-E", "nodiscard", source);

        var used = await ConvertAsync(source, "used");
        var all = await ConvertAsync(source, "all", "--all-blocks");

        Assert.InRange(used.Disks[0].UnusedBytes, Size / 2, Size - (1 << 20));
        Assert.Equal(0, all.Disks[0].UnusedBytes);
        Assert.All([used, all], report => Assert.Equal(report.Disks[0].CapturedDigest, report.Disks[0].ImageDigest));
        await Commands.ToolAsync("e2fsck", "-fn", Path.Combine(folder.File("used"), used.Disks[0].Image));
        await Commands.ToolAsync("cmp", source, Path.Combine(folder.File("all"), all.Disks[0].Image));
        Assert.DoesNotContain(used.Findings, finding => finding.Id.StartsWith("VOLUME", StringComparison.Ordinal));
    }

    private async Task<ConversionReport> ConvertAsync(string source, string output, params string[] options)
    {
        var result = await Commands.FerryAsync(["convert", source, "--input-format", "raw", "--to", "raw", "--output", folder.File(output), "--json", .. options]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return JsonSerializer.Deserialize<ConversionReport>(result.Output, DocumentJson.Options)!;
    }
}
