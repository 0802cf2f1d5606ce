using System.Diagnostics;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests;

/// <summary>A descriptor may name only regular files beside it.</summary>
public sealed class HostileDescriptorTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../secret.bin")]
    [InlineData("sub/inner.bin")]
    [InlineData("..\\secret.bin")]
    [InlineData("C:\\secret.bin\\x")]
    [InlineData("..")]
    [InlineData(".")]
    [InlineData("")]
    [InlineData("link-out")]
    [InlineData("link-up")]
    [InlineData("fifo")]
    [InlineData("sub")]
    [InlineData("link-to-device")]
    public async Task Open_DescriptorThatNamesAForbiddenFile_IsRefusedWithItsLine(string name)
    {
        var vm = Directory.CreateDirectory(_folder["vm"]).FullName;
        await File.WriteAllBytesAsync(_folder["secret.bin"], new byte[65536], TestContext.Current.CancellationToken);
        Directory.CreateDirectory(Path.Combine(vm, "sub"));
        await File.WriteAllBytesAsync(Path.Combine(vm, "sub", "inner.bin"), new byte[65536], TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(Path.Combine(vm, "link-out"), "/etc/passwd");
        File.CreateSymbolicLink(Path.Combine(vm, "link-up"), "../secret.bin");
        File.CreateSymbolicLink(Path.Combine(vm, "link-to-device"), "/dev/zero");
        await Tool.RunAsync("mkfifo", Path.Combine(vm, "fifo"));
        var path = await WriteDescriptorAsync(vm, $"RW 1 FLAT \"{name}\" 0");

        var e = await Images.FailsAsync(DiskImageErrors.ForbiddenReference, () => Images.OpenAsync(path));

        Assert.Equal("disk.vmdk, line 6", e.File);
    }

    [Fact]
    public async Task Open_LinkThatStaysInTheFolder_IsFollowed()
    {
        await File.WriteAllBytesAsync(_folder["real.bin"], new byte[512], TestContext.Current.CancellationToken);
        File.CreateSymbolicLink(_folder["link"], "real.bin");
        var path = await WriteDescriptorAsync(_folder.Path, "RW 1 FLAT \"link\" 0");

        await using var reader = await Images.OpenAsync(path);

        Assert.Equal(512, reader.Capacity);
    }

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

    [Fact]
    public async Task Open_DescriptorThatNamesItself_EndsAtOnce()
    {
        var path = await WriteDescriptorAsync(_folder.Path, "RW 1 SPARSE \"disk.vmdk\"");
        var started = Stopwatch.GetTimestamp();

        await Images.FailsAsync(DiskImageErrors.Truncated, () => Images.OpenAsync(path));

        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
    }

    private static async Task<string> WriteDescriptorAsync(string folder, string lines)
    {
        var path = Path.Combine(folder, "disk.vmdk");
        await File.WriteAllTextAsync(
            path, $"# Disk DescriptorFile\nversion=1\nCID=fffffffe\nparentCID=ffffffff\ncreateType=\"custom\"\n{lines}\n", TestContext.Current.CancellationToken);
        return path;
    }
}
