using System.Diagnostics;
using Ferry.Fixup.Guests.Linux.Initrd;
using Ferry.Fixup.Tests.Engine;

namespace Ferry.Fixup.Tests.Linux;

/// <summary>Initial RAM disks made with the distributions' own tools.</summary>
public sealed class InitrdImageTests
{
    private const string Kernel = "6.1.0-1-amd64";
    private const string Module = "kernel/drivers/hv/hv_vmbus.ko";

    [Theory]
    [InlineData("none", InitrdCompression.None)]
    [InlineData("gzip -9", InitrdCompression.Gzip)]
    [InlineData("xz --check=crc32 -1", InitrdCompression.Xz)]
    [InlineData("xz --check=crc32 --lzma2=dict=1MiB", InitrdCompression.Xz)]
    [InlineData("zstd -q -19", InitrdCompression.Zstd)]
    [InlineData("bzip2", InitrdCompression.Bzip2)]
    [InlineData("lzma -1", InitrdCompression.Lzma)]
    [InlineData("lz4 -q -l -9", InitrdCompression.Lz4)]
    [InlineData("lzop -q -1", InitrdCompression.Lzo)]
    [InlineData("lzop -q -9 -CC --no-checksum", InitrdCompression.Lzo)]
    public async Task Append_EachCompression_OldAndNewAreRead(string compressor, InitrdCompression expected)
    {
        using var scratch = new ScratchFolder();
        var file = await MakeAsync(scratch.Path, compressor);
        var image = InitrdImage.Parse(file);
        Assert.Equal(expected, image.Compression);
        Assert.Equal([Module], InitrdContents.Read(image, Kernel, null).ModulePaths);

        var patched = InitrdImage.Parse(image.Append(Archive($"usr/lib/modules/{Kernel}/kernel/drivers/scsi/hv_storvsc.ko")));

        var contents = InitrdContents.Read(patched, Kernel, Directory.CreateDirectory(Path.Combine(scratch.Path, "out")).FullName);
        Assert.Equal([Module, "kernel/drivers/scsi/hv_storvsc.ko"], contents.ModulePaths.Order());
        Assert.Equal($"usr/lib/modules/{Kernel}", contents.ModuleFolder);
        Assert.Equal(200_000, new FileInfo(Path.Combine(scratch.Path, "out", Module)).Length);
        Assert.Equal(expected == InitrdCompression.Lz4 ? InitrdCompression.Gzip : expected, patched.Compression);
    }

    [Fact]
    public async Task Parse_MicrocodeBeforeTheMainStream_IsKept()
    {
        using var scratch = new ScratchFolder();
        var microcode = Archive("kernel/x86/microcode/GenuineIntel.bin");
        var main = await MakeAsync(scratch.Path, "lz4 -q -l");
        var image = InitrdImage.Parse((byte[])[.. microcode, .. new byte[512], .. main]);
        Assert.Equal([InitrdCompression.None, InitrdCompression.Lz4], image.Segments.Select(s => s.Compression));

        var patched = image.Append(Archive("x"));

        Assert.True(patched.AsSpan().StartsWith(microcode));
        Assert.Equal([InitrdCompression.None, InitrdCompression.Gzip], InitrdImage.Parse(patched).Segments.Select(s => s.Compression));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("xz --check=crc32")]
    [InlineData("zstd -q")]
    [InlineData("bzip2")]
    [InlineData("lzma")]
    [InlineData("lz4 -q -l")]
    [InlineData("lzop -q")]
    public async Task Read_DamagedStreams_ThrowTheOneException(string compressor)
    {
        using var scratch = new ScratchFolder();
        var good = await MakeAsync(scratch.Path, compressor);
        var random = new Random(7);
        for (var round = 0; round < 40; round++)
        {
            var bytes = good.AsSpan(0, round % 2 == 0 ? good.Length : random.Next(1, good.Length)).ToArray();
            bytes[random.Next(bytes.Length)] ^= (byte)random.Next(1, 256);
            var thrown = Record.Exception(() => InitrdContents.Read(InitrdImage.Parse(bytes), Kernel, null));
            Assert.True(thrown is null or InitrdException, thrown?.ToString());
        }
    }

    [Fact]
    public async Task Read_Bomb_IsStopped()
    {
        using var scratch = new ScratchFolder();
        var bomb = Path.Combine(scratch.Path, "bomb");
        await SampleGuest.RunAsync("bash", "-c", $"head -c 1200M /dev/zero | gzip -1 > {bomb}");
        var thrown = Assert.Throws<InitrdException>(() => InitrdContents.Read(InitrdImage.Parse(File.ReadAllBytes(bomb)), Kernel, null));
        Assert.Contains("unpacks to more than", thrown.Message, StringComparison.Ordinal);
    }

    private static byte[] Archive(string name)
    {
        using var archive = new MemoryStream();
        var writer = new CpioWriter(archive);
        writer.AddFile(name, [1, 2, 3]);
        writer.Finish();
        return archive.ToArray();
    }

    private static async Task<byte[]> MakeAsync(string folder, string compressor)
    {
        var tool = compressor.Split(' ')[0];
        Assert.SkipUnless(tool == "none" || (await SampleGuest.TryRunAsync("bash", "-c", $"command -v {tool} cpio")).Code == 0, $"{tool} or cpio is not installed");
        var root = Path.Combine(folder, "root");
        var module = Path.Combine(root, "usr/lib/modules", Kernel, Module);
        Directory.CreateDirectory(Path.GetDirectoryName(module)!);
        var content = new byte[200_000];
        new Random(1).NextBytes(content.AsSpan(0, 100_000));
        await File.WriteAllBytesAsync(module, content);
        var file = Path.Combine(folder, "initrd");
        await SampleGuest.RunAsync("bash", "-o", "pipefail", "-c", $"cd {root} && find . | cpio -o -H newc --quiet {(tool == "none" ? "" : "| " + compressor)} > {file}");
        return await File.ReadAllBytesAsync(file);
    }
}
