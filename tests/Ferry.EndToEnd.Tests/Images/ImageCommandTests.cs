using System.Text.Json;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Images;

/// <summary><c>ferry image</c> as somebody meets it who knows qemu-img.</summary>
public sealed class ImageCommandTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly TempFolder folder = new("image-commands");
    private readonly string raw;

    public ImageCommandTests()
    {
        Assert.SkipUnless(File.Exists(FerryRepository.Program), "ferry is not built: ./ferry --version");
        raw = folder.File("disk.raw");
        using var file = File.Create(raw);
        file.SetLength((20 * MiB) + 512);
        var bytes = new byte[3 * MiB];
        new Random(1).NextBytes(bytes);
        file.Position = 5 * MiB;
        file.Write(bytes);
    }

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("vmdk", "streamOptimized", "-O", "vmdk", "-o", "subformat=streamOptimized")]
    [InlineData("vmdk", "streamOptimized", "-O", "vmdk", "-c")]
    [InlineData("vmdk", "monolithicSparse", "-O", "vmdk", "-o", "grain_size=4K,disk_id=00112233-4455-6677-8899-aabbccddeeff")]
    [InlineData("vmdk", "monolithicFlat", "-O", "vmdk", "-o", "subformat=monolithicflat")]
    [InlineData("vhdx", "fixed", "-O", "vhdx", "-o", "subformat=fixed", "-o", "block_size=2M")]
    [InlineData("vpc", "dynamic", "-O", "vpc", "-o", "subformat=dynamic,force_size")]
    public async Task Convert_WithTheOptionsOfQemu_WritesThatVariant(string format, string variant, params string[] options)
    {
        var target = folder.File("disk.img");
        await SucceedsAsync(["image", "convert", "-f", "raw", .. options, raw, target]);

        var info = JsonDocument.Parse(await SucceedsAsync("image", "info", "--json", target)).RootElement;
        Assert.Equal(variant, info.GetProperty("variant").GetString());
        Assert.Equal((20 * MiB) + 512, info.GetProperty("virtual-size").GetInt64());
        Assert.InRange(info.GetProperty("actual-size").GetInt64(), 3 * MiB, 6 * MiB);
        Assert.StartsWith("No errors were found.", await SucceedsAsync("image", "check", "--data", target), StringComparison.Ordinal);
        Assert.Contains("identical", await SucceedsAsync("image", "compare", "-s", "-F", "raw", target, raw), StringComparison.Ordinal);
        await Commands.ToolAsync("qemu-img", "compare", "-f", format, "-F", "raw", target, raw);
    }

    [Theory]
    [InlineData("streamOptimized", "-O", "vmdk", "-o", "subformat=nonsense")]
    [InlineData("grain_size", "-O", "vmdk", "-o", "cluster_size=64K")]
    [InlineData("it has none", "-O", "raw", "-o", "preallocation=full")]
    [InlineData("a size", "-O", "vhdx", "-o", "block_size=lots")]
    [InlineData("power of 2", "-O", "vhdx", "-o", "block_size=3M")]
    [InlineData("leave -c out", "-O", "vhdx", "-c")]
    [InlineData("leave -c out", "-O", "vmdk", "-o", "subformat=monolithicFlat", "-c")]
    [InlineData("is no format", "-O", "nonsense")]
    public async Task Convert_WithWrongOptions_SaysWhichThereAre(string expected, params string[] options)
    {
        var result = await Commands.FerryAsync(["image", "convert", "-f", "raw", .. options, raw, folder.File("disk.img")]);
        Assert.True(result.ExitCode == 2, result.ToString());
        Assert.StartsWith("error[USAGE]: ", result.Errors, StringComparison.Ordinal);
        Assert.Contains(expected, result.Errors, StringComparison.Ordinal);
        Assert.Equal([raw], Directory.GetFiles(Path.GetDirectoryName(raw)!));
    }

    [Fact]
    public async Task Convert_ThroughPipes_GivesTheSameDiskAndLeavesNothing()
    {
        var target = folder.File("disk.vhdx");
        string[] script =
        [
            "-c", "set -o pipefail; cat \"$2\" | \"$1\" image convert - \"$3\" >/dev/null && \"$1\" image convert \"$3\" - | \"$1\" image convert -O vmdk -c - \"$3.vmdk\" >/dev/null",
            "bash", FerryRepository.Program, raw, target,
        ];
        var result = await Commands.RunAsync("bash", script);
        Assert.True(result.ExitCode == 0, result.ToString());

        await Commands.ToolAsync("qemu-img", "compare", "-f", "vmdk", "-F", "raw", target + ".vmdk", raw);
        Assert.Equal([raw, target, target + ".vmdk"], Directory.GetFileSystemEntries(Path.GetDirectoryName(raw)!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("-O", "vhdx", "{raw}", "-")]
    [InlineData("--json", "{raw}", "-")]
    [InlineData("-f", "vmdk", "-", "{target}")]
    public async Task Convert_StreamThatCannotBe_IsRefused(params string[] arguments)
    {
        var result = await Commands.FerryAsync(["image", "convert", .. arguments.Select(a => a.Replace("{raw}", raw, StringComparison.Ordinal).Replace("{target}", folder.File("x"), StringComparison.Ordinal))]);
        Assert.True(result.ExitCode == 2 && result.Output.Length == 0, result.ToString());
    }

    [Fact]
    public async Task Convert_ToAClosedPipe_IsAFailureOfTheTarget()
    {
        var result = await Commands.RunAsync("bash", "-c", "\"$1\" image convert -f raw \"$2\" - | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}", "bash", FerryRepository.Program, raw);
        Assert.True(result.ExitCode == 5, result.ToString());
        Assert.Contains("error[IMAGE_IO]", result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Map_Json_HasTheFieldsOfQemu()
    {
        var extents = JsonDocument.Parse(await SucceedsAsync("image", "map", "--json", "-f", "raw", raw)).RootElement;
        var theirs = JsonDocument.Parse(await Commands.ToolAsync("qemu-img", "map", "--output=json", "-f", "raw", raw)).RootElement;
        Assert.Equal(theirs.GetArrayLength(), extents.GetArrayLength());
        foreach (var (ours, other) in extents.EnumerateArray().Zip(theirs.EnumerateArray()))
        {
            foreach (var field in new[] { "start", "length", "depth", "zero", "data" })
            {
                Assert.Equal(other.GetProperty(field).ToString(), ours.GetProperty(field).ToString());
            }
        }
    }

    [Fact]
    public async Task Check_DamagedImage_ExitsWith5()
    {
        var target = folder.File("disk.vmdk");
        await SucceedsAsync("image", "convert", "-f", "raw", "-O", "vmdk", raw, target);
        using (var file = File.OpenWrite(target))
        {
            file.SetLength(file.Length - MiB);
        }

        var result = await Commands.FerryAsync("image", "check", "--json", target);
        Assert.Equal(5, result.ExitCode);
        var found = JsonDocument.Parse(result.Output).RootElement;
        Assert.False(found.GetProperty("isClean").GetBoolean());
        Assert.Equal("IMAGE_TRUNCATED", found.GetProperty("errors")[0].GetProperty("code").GetString());

        await File.WriteAllTextAsync(target, "# Disk DescriptorFile\nnonsense", TestContext.Current.CancellationToken);
        Assert.Equal(5, (await Commands.FerryAsync("image", "check", target)).ExitCode);
        Assert.Equal(3, (await Commands.FerryAsync("image", "check", folder.File("none"))).ExitCode);
    }

    private static Task<string> SucceedsAsync(params string[] arguments) => Commands.ToolAsync(FerryRepository.Program, arguments);
}
