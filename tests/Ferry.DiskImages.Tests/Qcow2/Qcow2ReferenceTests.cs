using Ferry.DiskImages.Tests.Support;
using Ferry.DiskImages.Tests.Writing;
using Xunit;
using static Ferry.DiskImages.Tests.Qcow2.Qcow2Images;

namespace Ferry.DiskImages.Tests.Qcow2;

/// <summary>Backing files and data files: only plain names beside the image, in the declared format, never raw by guess. Names that lead elsewhere are in <see cref="PublishedVulnerabilitiesTests"/>.</summary>
public sealed class Qcow2ReferenceTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("compat=1.1")]
    [InlineData("compat=0.10")]
    [InlineData("extended_l2=on")]
    [InlineData("cluster_size=4k")]
    [InlineData("data_file=top.bin")]
    public async Task Open_ChainOfThree_HasTheContentThatQemuReads(string options)
    {
        Tool.Require("qemu-io");
        var random = Seed.New();
        const long BaseSize = (5 * MiB) + (3 * 512);
        await WriteRawAsync(_folder["base.raw"], BaseSize, random);
        await CreateAsync("middle.qcow2", "compat=1.1", "base.raw", "raw", 9 * MiB);
        await ChangeByQemuAsync(_folder["middle.qcow2"], 9 * MiB, random, 25);
        await CreateAsync("top.qcow2", options, "middle.qcow2", "qcow2", 7 * MiB);
        await ChangeInFolderAsync("top.qcow2", random);

        await Tool.RunInAsync(_folder.Path, "qemu-img", "convert", "-f", "qcow2", "-O", "raw", "top.qcow2", "top.raw");
        await using var expected = await Images.OpenAsync(_folder["top.raw"], DiskImageFormat.Raw);
        await using var reader = await Images.OpenAsync(_folder["top.qcow2"]);

        await AssertSameAsync(expected, reader, random);
        string[] names = options.StartsWith("data_file", StringComparison.Ordinal) ? ["top.qcow2", "top.bin"] : ["top.qcow2"];
        Assert.Equal([.. names, "middle.qcow2", "base.raw"], reader.Info.Files);
        Assert.Equal(reader.Info.Files, reader.Pins.Select(p => p.Name));
        Assert.Equal(DiskImageFormat.Raw, reader.Info.Parent!.Parent!.Format);
        Assert.Equal("middle.qcow2", reader.Info.Properties["backing file"]);

        File.SetLastWriteTimeUtc(_folder["base.raw"], DateTime.UnixEpoch);
        await Images.FailsAsync(DiskImageErrors.SourceChanged, async () => await reader.VerifyUnchangedAsync(Token));
    }

    [Theory]
    [InlineData("vmdk", "vmdk")]
    [InlineData("vhdx", "vhdx")]
    [InlineData("qcow2", null)]
    [InlineData("vmdk", null)]
    public async Task Open_BackingFileOfAnotherFormat_IsRead(string format, string? declared)
    {
        Tool.Require("qemu-img");
        var random = Seed.New();
        await WriteRawAsync(_folder["a.raw"], 4 * MiB, random);
        await Tool.RunAsync("qemu-img", "convert", "-f", "raw", "-O", format, _folder["a.raw"], _folder["base.img"]);
        await WriteAsync(declared, "base.img", 4 * MiB);
        await using var expected = await Images.OpenAsync(_folder["a.raw"], DiskImageFormat.Raw);
        await using var reader = await Images.OpenAsync(_folder["a.qcow2"]);

        await AssertSameAsync(expected, reader, random);
    }

    /// <summary>A disk whose guest wrote a QCOW2 header into it stays a raw disk.</summary>
    [Fact]
    public async Task Open_BackingFileDeclaredRaw_IsRawWhateverItHolds()
    {
        await File.WriteAllBytesAsync(_folder["base.img"], new HandmadeQcow2 { Backing = "/etc/shadow" }.ToBytes(), Token);
        await WriteAsync("raw", "base.img", 1 << 20);

        await using var reader = await Images.OpenAsync(_folder["a.qcow2"]);
        var start = new byte[4];
        await reader.ReadAsync(0, start, Token);

        Assert.Equal("QFI\u00fb"u8[..3], start.AsSpan(0, 3));
        Assert.Equal(DiskImageFormat.Raw, reader.Info.Parent!.Format);
    }

    [Fact]
    public async Task Open_RawBackingFileThatIsNotDeclared_IsRefused()
    {
        await File.WriteAllBytesAsync(_folder["base.img"], new byte[1 << 20], Token);
        await WriteAsync(null, "base.img", 1 << 20);

        var e = await Images.FailsAsync(DiskImageErrors.UnknownFormat, () => Images.OpenAsync(_folder["a.qcow2"]));

        Assert.Contains("qemu-img rebase -u -F raw -b base.img", e.Message, StringComparison.Ordinal);
        Assert.Equal("a.qcow2", e.File);
    }

    [Theory]
    [InlineData("qcow2", DiskImageErrors.UnknownFormat)]
    [InlineData("host_device", DiskImageErrors.UnsupportedVariant)]
    [InlineData("file", DiskImageErrors.UnsupportedVariant)]
    [InlineData("nbd", DiskImageErrors.UnsupportedVariant)]
    [InlineData("", DiskImageErrors.UnsupportedVariant)]
    public async Task Open_BackingFileOfAWrongFormat_IsRefused(string declared, string code)
    {
        await File.WriteAllBytesAsync(_folder["base.img"], new byte[1 << 20], Token);
        await WriteAsync(declared, "base.img", 1 << 20);
        await Images.FailsAsync(code, () => Images.OpenAsync(_folder["a.qcow2"]));
    }

    [Fact]
    public async Task Open_MissingBackingFile_IsNamed()
    {
        await WriteAsync("qcow2", "base.img", 1 << 20);
        var e = await Images.FailsAsync(DiskImageErrors.MissingFile, () => Images.OpenAsync(_folder["a.qcow2"]));
        Assert.Equal("base.img", Path.GetFileName(e.File));
    }

    [Fact]
    public async Task Open_SnapshotsInAParent_OnlyWhenAskedFor()
    {
        await WriteAsync("qcow2", "base.img", 1 << 20);
        await File.WriteAllBytesAsync(_folder["base.img"], new HandmadeQcow2 { Snapshots = 1 }.ToBytes(), Token);

        await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, () => Images.OpenAsync(_folder["a.qcow2"]));
        await using var reader = await Images.OpenAsync(_folder["a.qcow2"], new DiskImageOpenOptions { AllowInternalSnapshots = true });
        Assert.Equal("1", reader.Info.Parent!.Properties["internal snapshots"]);
    }

    /// <summary>By AES: to make one with LUKS, qemu-img measures the processor, and gives up on a busy one. Its number in the header is among the hostile cases.</summary>
    [Fact]
    public async Task Open_EncryptedImageOfQemu_IsRefused()
    {
        Tool.Require("qemu-img");
        await Tool.RunAsync(
            "qemu-img", "create", "-f", "qcow2", "--object", "secret,id=s,data=abc", "-o", "encrypt.format=aes,encrypt.key-secret=s", _folder["a.qcow2"], "1M");

        var e = await Images.FailsAsync(DiskImageErrors.UnsupportedVariant, () => Images.OpenAsync(_folder["a.qcow2"]));

        Assert.Contains("AES", e.Message, StringComparison.Ordinal);
    }

    private Task<string> CreateAsync(string name, string options, string backing, string format, long size) =>
        Tool.RunInAsync(_folder.Path, "qemu-img", "create", "-f", "qcow2", "-o", options, "-b", backing, "-F", format, name, $"{size}");

    private async Task ChangeInFolderAsync(string name, Random random)
    {
        var commands = Enumerable.Range(0, 30).SelectMany(i => new[] { "-c", $"write {(i % 4 == 0 ? "-z" : "-P 17")} {random.Next(6 * MiB / 512) * 512} {random.Next(1, 400) * 512}" });
        await Tool.RunInAsync(_folder.Path, "qemu-io", ["-f", "qcow2", .. commands, name]);
    }

    /// <summary>An overlay with nothing in it.</summary>
    private Task WriteAsync(string? format, string backing, long size, string name = "a.qcow2")
    {
        var image = new HandmadeQcow2 { Backing = backing, DiskSize = (ulong)size };
        return File.WriteAllBytesAsync(_folder[name], (format is null ? image : image.With(0xe2792aca, format)).ToBytes(), Token);
    }
}
