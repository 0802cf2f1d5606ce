using System.Security.Cryptography;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary>Bad input: a clear error with its code, the right exit code, nothing left behind, the source untouched.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TempFolder folder = new("bad");

    private string Output => folder.File("out");

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task NotAnImage_IsRefused()
    {
        var source = Write("notes.vmdk", "these are notes, not a disk\n");
        await RefusedAsync(3, "SOURCE_NOT_A_MACHINE", "convert", source, "--to", "hyperv", "--output", Output);
    }

    [Fact]
    public async Task MissingSource_IsRefused() =>
        await RefusedAsync(3, "SOURCE_NOT_FOUND", "convert", folder.File("none.vmx"), "--to", "hyperv", "--output", Output);

    [Fact]
    public async Task TruncatedImage_IsRefused()
    {
        var whole = Path.ChangeExtension(FerryRepository.SampleVm, ".vmdk");
        var source = folder.File("cut.vmdk");
        await using (var input = File.OpenRead(whole))
        await using (var output = File.Create(source))
        {
            var part = new byte[300_000];
            await input.ReadExactlyAsync(part, TestContext.Current.CancellationToken);
            await output.WriteAsync(part, TestContext.Current.CancellationToken);
        }

        await RefusedAsync(3, "IMAGE_TRUNCATED", "convert", source, "--to", "hyperv", "--output", Output);
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../secret-flat.vmdk")]
    public async Task DescriptorThatNamesAForeignFile_IsRefused(string extent)
    {
        var source = Write("disk.vmdk", $"# Disk DescriptorFile\nversion=1\nCID=12345678\nparentCID=ffffffff\ncreateType=\"monolithicFlat\"\n\nRW 8 FLAT \"{extent}\" 0\n");
        Write("secret-flat.vmdk", new string('x', 4096));
        await RefusedAsync(3, "IMAGE_FORBIDDEN_REFERENCE", "convert", source, "--to", "hyperv", "--output", Output);
    }

    [Fact]
    public async Task DiskWithoutAGuest_IsRefusedByThePreflight_AndConvertsAsItIs()
    {
        var source = Write("empty.img", new string('\0', 1 << 20));
        await RefusedAsync(4, "GUEST_UNKNOWN", "convert", source, "--input-format", "raw", "--to", "hyperv", "--output", Output);

        var asItIs = await Commands.FerryAsync("convert", source, "--input-format", "raw", "--to", "hyperv", "--output", Output, "--no-fixup");
        Assert.True(asItIs.ExitCode == 0, asItIs.ToString());
    }

    [Fact]
    public async Task GuestThatNoRuleKnows_IsRefusedByThePreflight()
    {
        // A real root file system of a distribution that is not handled, on the whole disk.
        var root = folder.File("root");
        Directory.CreateDirectory(Path.Combine(root, "etc"));
        foreach (var name in new[] { "bin", "boot", "dev", "home", "lib", "proc", "root", "sbin", "sys", "usr", "var" })
        {
            Directory.CreateDirectory(Path.Combine(root, name));
        }

        await File.WriteAllTextAsync(Path.Combine(root, "etc", "os-release"), "ID=plan9ish\nVERSION_ID=4\nPRETTY_NAME=\"Plan 9-ish 4\"\n", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(root, "etc", "fstab"), "/dev/sda / ext4 defaults 0 1\n", TestContext.Current.CancellationToken);
        var source = Write("foreign.img", "");
        await Commands.ToolAsync("truncate", "-s", "64M", source);
        await Commands.ToolAsync("mke2fs", "-q", "-t", "ext4", "-d", root, source);
        await RefusedAsync(4, "GUEST_NOT_HANDLED", "convert", source, "--input-format", "raw", "--to", "hyperv", "--output", Output);
    }

    [Fact]
    public async Task OutputThatCannotBeMade_IsRefused()
    {
        var source = Write("empty.img", new string('\0', 1 << 20));
        Write("file", "not a folder");
        await RefusedAsync(
            5, "OUTPUT_NOT_WRITABLE", "convert", source, "--input-format", "raw", "--to", "hyperv", "--output", folder.File("file/out"));
    }

    [Fact]
    public async Task FullDisk_IsAnError_AndLeavesNothing()
    {
        // 8 MiB of noise into a file system of 4 MiB.
        var mount = folder.File("small");
        Directory.CreateDirectory(mount);
        var mounted = await Commands.RunAsync("mount", "-t", "tmpfs", "-o", "size=4m", "none", mount);
        Assert.SkipUnless(mounted.ExitCode == 0, $"A small file system cannot be mounted here: {mounted.Errors}");
        try
        {
            var noise = new byte[8 << 20];
            new Random(1).NextBytes(noise);
            var source = folder.File("noise.img");
            await File.WriteAllBytesAsync(source, noise, TestContext.Current.CancellationToken);
            var result = await Commands.FerryAsync(
                "convert", source, "--input-format", "raw", "--to", "raw", "--output", Path.Combine(mount, "out"));
            Assert.Equal(5, result.ExitCode);
            Assert.Matches(@"error\[(OUTPUT_NO_SPACE|IMAGE_NO_SPACE|STORE_FULL)\]: ", result.Errors);
            Assert.Empty(Directory.EnumerateFileSystemEntries(mount));
        }
        finally
        {
            await Commands.RunAsync("umount", mount);
        }
    }

    [Fact]
    public async Task GenerationThatCannotBootTheMachine_IsRefusedBeforeAnythingIsWritten()
    {
        var source = Write("empty.img", new string('\0', 1 << 20));
        var refused = await RefusedAsync(
            4, "FIRMWARE_MISMATCH", "convert", source, "--input-format", "raw", "--to", "hyperv", "--generation", "2", "--no-fixup", "--output", Output);
        Assert.Contains("preflight: failed", refused.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("convert:", refused.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailedRun_RemovesExactlyTheFoldersThatItMade()
    {
        var deep = folder.File("mine/new/newer");
        Directory.CreateDirectory(folder.File("mine"));
        await RefusedAsync(3, "SOURCE_NOT_FOUND", "convert", folder.File("none.vmx"), "--to", "hyperv", "--output", deep);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.File("mine")));

        await RefusedAsync(3, "SOURCE_NOT_FOUND", "convert", folder.File("none.vmx"), "--to", "hyperv", "--output", folder.File("mine"));
        Assert.True(Directory.Exists(folder.File("mine")), "the user's own folder is gone");
    }

    [Fact]
    public async Task RawDiskThatIsNotNamedAsOne_IsToldTheOption()
    {
        var source = Write("zeros.img", new string('\0', 1 << 20));
        var refused = await RefusedAsync(3, "SOURCE_NOT_A_MACHINE", "convert", source, "--to", "hyperv", "--output", Output);
        Assert.Contains("--input-format raw", refused.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TARGET_NOT_BUILT", "convert", "x.vmx", "--to", "kubevirt", "--output", "out")]
    [InlineData("TARGET_UNKNOWN", "check", "x.vmx", "--to", "nonsense")]
    [InlineData("TARGET_FORMAT_UNFIT", "convert", "x.vmx", "--to", "hyperv", "--format", "raw", "--output", "out")]
    [InlineData("USAGE", "convert", "--nonsense")]
    [InlineData("USAGE", "convert", "x.vmx", "--to", "hyperv", "--output", "")]
    [InlineData("USAGE", "convert", "", "--to", "hyperv", "--output", "out")]
    [InlineData("USAGE", "convert", "x.vmx", "--to", "hyperv", "--output", "out", "--generation", "3")]
    [InlineData("USAGE", "inspect", "")]
    [InlineData("USAGE", "list", "--api-key-file", "/none/key")]
    [InlineData("USAGE", "list", "--server", "nonsense")]
    [InlineData("USAGE", "serve", "--urls", "nonsense")]
    [InlineData("USAGE", "serve", "--urls", "https://127.0.0.1:1")]
    [InlineData("USAGE", "serve", "--data", "")]
    public async Task CommandThatMakesNoSense_SaysWhatToDo(string code, params string[] arguments)
    {
        var refused = await RefusedAsync(2, code, arguments);
        Assert.Matches($@"^error\[{code}\]: [^;]+(; .+)+\n$", refused.Errors);
    }

    [Fact]
    public async Task ImageThatCannotBeRead_SaysWhatToDo()
    {
        var refused = await RefusedAsync(3, "IMAGE_UNKNOWN_FORMAT", "image", "info", Write("notes.txt", "notes"));
        Assert.Contains("-f raw", refused.Errors, StringComparison.Ordinal);
    }

    /// <summary>Every file beside and below the source: a refused source is as it was, and nothing came to it.</summary>
    private async Task<IReadOnlyList<string>> FilesAsync()
    {
        var files = new List<string>();
        foreach (var path in Directory.EnumerateFiles(folder.File(""), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            await using var file = File.OpenRead(path);
            files.Add($"{path} {File.GetLastWriteTimeUtc(path):O} {Convert.ToHexStringLower(await SHA256.HashDataAsync(file, TestContext.Current.CancellationToken))}");
        }

        return files;
    }

    private string Write(string name, string content)
    {
        File.WriteAllText(folder.File(name), content);
        return folder.File(name);
    }

    private async Task<CommandResult> RefusedAsync(int exitCode, string code, params string[] arguments)
    {
        Assert.SkipUnless(File.Exists(FerryRepository.Program), "ferry is not built: ./ferry --version");
        var before = await FilesAsync();
        var result = await Commands.FerryAsync(arguments);
        Assert.Equal(before, await FilesAsync());
        Assert.True(result.ExitCode == exitCode, result.ToString());
        Assert.Contains($"error[{code}]: ", result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Output), "something was left in the output folder");
        return result;
    }
}
