using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests;

/// <summary>Extent lines that are wrong. Those that name files elsewhere are in <see cref="PublishedVulnerabilitiesTests"/>.</summary>
public sealed class HostileDescriptorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("RW 1 FLAT \"missing.bin\" 0", DiskImageErrors.MissingFile)]
    [InlineData("RW 3 FLAT \"two-sectors.bin\" 0", DiskImageErrors.Truncated)]
    [InlineData("RW 2 FLAT \"two-sectors.bin\" 1", DiskImageErrors.Truncated)]
    [InlineData("RW 18446744073709551615 FLAT \"two-sectors.bin\" 0", DiskImageErrors.Corrupt)]
    [InlineData("RW 2 FLAT \"two-sectors.bin\" 18446744073709551615", DiskImageErrors.Corrupt)]
    [InlineData("RW 99999999999999999999 FLAT \"two-sectors.bin\" 0", DiskImageErrors.Corrupt)]
    [InlineData("RW -1 FLAT \"two-sectors.bin\" 0", DiskImageErrors.Corrupt)]
    [InlineData("RW 0 FLAT \"two-sectors.bin\" 0", DiskImageErrors.Corrupt)]
    [InlineData("RW 2 FLAT", DiskImageErrors.Corrupt)]
    [InlineData("RW 2 FLAT \"two-sectors.bin", DiskImageErrors.Corrupt)]
    [InlineData("RW 2 SPARSE \"two-sectors.bin\"", DiskImageErrors.Corrupt)]
    [InlineData("RW 2 VMFSSPARSE \"two-sectors.bin\"", DiskImageErrors.Corrupt)]
    [InlineData("RW 2 SESPARSE \"two-sectors.bin\"", DiskImageErrors.Corrupt)]
    [InlineData("RW 2 VMFSRDM \"two-sectors.bin\"", DiskImageErrors.UnsupportedVariant)]
    [InlineData("RW 2 vmfsRaw \"two-sectors.bin\"", DiskImageErrors.UnsupportedVariant)]
    [InlineData("RW 2 1 \"two-sectors.bin\"", DiskImageErrors.UnsupportedVariant)]
    [InlineData("NOACCESS 2 FLAT \"two-sectors.bin\" 0", DiskImageErrors.UnsupportedVariant)]
    [InlineData("", DiskImageErrors.Corrupt)]
    public async Task Open_BadExtentLine_SaysWhy(string line, string code)
    {
        await File.WriteAllBytesAsync(_folder["two-sectors.bin"], new byte[1024], TestContext.Current.CancellationToken);
        var path = await WriteDescriptorAsync(_folder.Path, line);

        await Images.FailsAsync(code, () => Images.OpenAsync(path));
    }

    [Fact]
    public async Task Open_ManyExtentKinds_AreJoined()
    {
        var bytes = new byte[1024];
        new Random(1).NextBytes(bytes);
        await File.WriteAllBytesAsync(_folder["two-sectors.bin"], bytes, TestContext.Current.CancellationToken);
        var path = await WriteDescriptorAsync(_folder.Path, "RW 1 FLAT \"two-sectors.bin\" 1\nRW 3 ZERO\nrdonly 2 vmfs \"two-sectors.bin\"\nNOACCESS 1 ZERO");

        await using var reader = await Images.OpenAsync(path);
        var read = new byte[7 * 512];
        await reader.ReadAsync(0, read, TestContext.Current.CancellationToken);

        Assert.Equal(read.Length, reader.Capacity);
        Assert.Equal([.. bytes[512..], .. new byte[1536], .. bytes, .. new byte[512]], read);
        await Images.CheckExtentsAsync(reader);
    }

    [Fact]
    public async Task Open_DeltaDisk_NamesItsParent()
    {
        var path = _folder["disk.vmdk"];
        await File.WriteAllTextAsync(
            path, "# Disk DescriptorFile\nCID=1\nparentCID=12345678\ncreateType=\"monolithicSparse\"\nparentFileNameHint=\"base.vmdk\"\nRW 1 ZERO\n", TestContext.Current.CancellationToken);

        var e = await Images.FailsAsync(DiskImageErrors.MissingFile, () => Images.OpenAsync(path));

        Assert.Contains("base.vmdk", e.Message, StringComparison.Ordinal);
    }

    private static async Task<string> WriteDescriptorAsync(string folder, string lines)
    {
        var path = Path.Combine(folder, "disk.vmdk");
        await File.WriteAllTextAsync(
            path, $"# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType=\"custom\"\n{lines}\n", TestContext.Current.CancellationToken);
        return path;
    }
}
