using System.Globalization;
using System.Text.RegularExpressions;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests;

/// <summary>
/// Every row of samples.md that is a disk image: read with all files of its folder beside it, its size and digest are those of the row, or it is refused for the
/// reason that stands here. A row that is neither fails, so that no sample is passed over.
/// </summary>
public sealed partial class SampleTableTests : IDisposable
{
    /// <summary>What must be refused, why, and a word that the message must hold.</summary>
    private static readonly Dictionary<string, (string Code, string Named)> Refused = new(StringComparer.Ordinal)
    {
        ["fox-it-dissect.hypervisor/vhdx/differencing.avhdx.gz"] = (DiskImageErrors.MissingFile, "Generation 1_49C4BAF3-4B25-4406-8C4B-D39E65C32385.avhdx"),
        ["fox-it-dissect.hypervisor/vmdk/sesparse.vmdk.gz"] = (DiskImageErrors.UnsupportedVariant, "seSparse"),
        ["kubevirt-containerized-data-importer/cirros-snapshot2.qcow2.gz"] = (DiskImageErrors.MissingFile, "cirros-snapshot1.qcow2"),
        ["log2timeline-dfvfs/fat-differential.vhd.gz"] = (DiskImageErrors.MissingFile, "fat-parent.vhd"),
        ["qemu-qemu/sample_images/afl5.img.bz2"] = (DiskImageErrors.Truncated, ""),
        ["qemu-qemu/sample_images/afl9.vmdk.bz2"] = (DiskImageErrors.Corrupt, ""),
        ["qemu-qemu/sample_images/parallels-v1.bz2"] = (DiskImageErrors.UnknownFormat, ""),
        ["strozfriedberg-vmdk-rs/twoGbMaxExtentSparse-s001.vmdk.gz"] = (DiskImageErrors.UnsupportedVariant, "descriptor"),
    };

    /// <summary>What is no disk image of its own: other files of a machine, parts of a disk, extents of an image in another row.</summary>
    private static readonly HashSet<string> NoImages = new(StringComparer.Ordinal)
    {
        "fox-it-dissect.hypervisor/descriptor/hyperv/test.VMRS",
        "fox-it-dissect.hypervisor/descriptor/hyperv/test.vmcx",
        "fox-it-dissect.hypervisor/descriptor/vbox/GOAD-DC01.vbox",
        "fox-it-dissect.volume/gpt.bin",
        "fox-it-dissect.volume/gpt_4k.bin",
        "fox-it-dissect.volume/mbr.bin",
        "log2timeline-dfvfs/ext2.splitraw.000.gz",
        "log2timeline-dfvfs/ext2.splitraw.001.gz",
        "qemu-qemu/sample_images/README",
        "strozfriedberg-vmdk-rs/_reconstructed/monolithicFlat-flat.vmdk.gz",
        "strozfriedberg-vmdk-rs/_reconstructed/twoGbMaxExtentFlat-f001.vmdk.gz",
    };

    private readonly TestFolder _folder = new();

    public static TheoryData<string, string> Rows()
    {
        var table = Path.Combine(Samples.Folder, "samples.md");
        if (!File.Exists(table))
        {
            return new TheoryData<string, string> { { "", "" } };
        }

        var lines = File.ReadAllLines(table)
            .SkipWhile(line => !line.StartsWith("### Disk images", StringComparison.Ordinal))
            .TakeWhile(line => !line.StartsWith("### Registry", StringComparison.Ordinal))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| file", StringComparison.Ordinal));
        var rows = new TheoryData<string, string>();
        foreach (var cells in lines.Select(line => line.Split('|', StringSplitOptions.TrimEntries)))
        {
            rows.Add(cells[1], $"{cells[4]}|{cells[5]}|{cells[6]}");
        }

        return rows;
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Row_IsRead_OrRefusedForItsReason(string sample, string facts)
    {
        if (sample.Length == 0)
        {
            Assert.Skip($"{Samples.Folder} has no samples.md; set FERRY_SAMPLES.");
        }

        if (NoImages.Contains(sample))
        {
            return;
        }

        var path = await UnpackWithNeighboursAsync(sample);
        if (Refused.TryGetValue(sample, out var reason))
        {
            var e = await Assert.ThrowsAnyAsync<DiskImageException>(() => Images.OpenAsync(path));
            Assert.Equal(reason.Code, e.Code);
            Assert.Contains(reason.Named, $"{e.Message} {e.Where}", StringComparison.Ordinal);
            return;
        }

        var cells = facts.Split('|');
        var isRaw = cells[0].StartsWith("raw", StringComparison.Ordinal) || cells[0].StartsWith("data file", StringComparison.Ordinal);
        await using var reader = await Images.OpenAsync(path, isRaw ? DiskImageFormat.Raw : null);
        Assert.Equal(isRaw ? DiskImageFormat.Raw : FormatOf(cells[0]), reader.Info.Format);

        // Virtual PC's own size is by its geometry: the row names both.
        var capacity = Number().Match(cells[1].Split("CHS size ")[^1]).Value;
        Assert.Equal(long.Parse(capacity, CultureInfo.InvariantCulture), reader.Capacity);
        if (Digest().Match(cells[2]) is { Success: true } digest)
        {
            Assert.Equal(digest.Groups[1].Value, await ImageHasher.ComputeAsync(reader, cancellationToken: TestContext.Current.CancellationToken));
        }
        else
        {
            Assert.StartsWith("All zeros.", cells[2], StringComparison.Ordinal);
            await foreach (var extent in reader.GetExtentsAsync(0, reader.Capacity, TestContext.Current.CancellationToken))
            {
                Assert.NotEqual(ExtentKind.Data, extent.Kind);
            }
        }

        await reader.VerifyUnchangedAsync(TestContext.Current.CancellationToken);
    }

    private static DiskImageFormat FormatOf(string words) => words.Split(' ')[0] switch
    {
        "VMDK" => DiskImageFormat.Vmdk,
        "VHD" => DiskImageFormat.Vhd,
        "VHDX" => DiskImageFormat.Vhdx,
        "QCOW2" => DiskImageFormat.Qcow2,
        "VDI" => DiskImageFormat.Vdi,
        var other => throw new InvalidOperationException($"No format is known for a row that begins with {other}."),
    };

    /// <summary>Parents, extents and data files lie beside the image, those that were rebuilt in a folder below.</summary>
    private async Task<string> UnpackWithNeighboursAsync(string sample)
    {
        var path = await Samples.UnpackAsync(sample, _folder.Path);
        var folder = Path.GetDirectoryName(Path.Combine(Samples.Folder, sample))!;
        var stem = Path.GetFileName(sample).Split('.', '-')[0];
        foreach (var file in Directory.EnumerateFiles(folder, stem + "*", SearchOption.AllDirectories))
        {
            await Samples.UnpackAsync(Path.GetRelativePath(Samples.Folder, file), _folder.Path);
        }

        return path;
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();

    /// <summary>The first digest of a row is that of the whole disk.</summary>
    [GeneratedRegex("(?:^|[^a-z0-9])sha256 ([0-9a-f]{64})")]
    private static partial Regex Digest();
}
