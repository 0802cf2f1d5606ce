using System.Text.Json;
using System.Text.RegularExpressions;

namespace Ferry.Agent.Tests.Native;

/// <summary>The program as it is shipped: what it needs of a system, and that it starts there.</summary>
public sealed partial class NativeProgramTests
{
    private const long MostBytes = 15 << 20;

    // RHEL 8 and Debian 10.
    private static readonly Version Oldest = new(2, 28);

    [Fact]
    public async Task Program_IsSmall_AndNeedsNothingNewerThanGlibc228()
    {
        Tool.Require("objdump");
        var program = await AgentProgram.BuildAsync();
        Assert.InRange(new FileInfo(program).Length, 1 << 20, MostBytes);
        var versions = GlibcVersion().Matches(await Tool.RunAsync("objdump", "-T", program)).Select(match => Version.Parse(match.Groups[1].Value)).ToArray();
        Assert.NotEmpty(versions);
        Assert.True(versions.Max() <= Oldest, $"It needs glibc {versions.Max()}.");
        var needed = NeededLibrary().Matches(await Tool.RunAsync("objdump", "-p", program)).Select(match => match.Groups[1].Value).Order(StringComparer.Ordinal);
        Assert.Equal(["ld-linux-x86-64.so.2", "libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0", "librt.so.1"], needed);
    }

    [Fact]
    public async Task Program_TakesTheInventoryOfThisMachine()
    {
        using var document = JsonDocument.Parse(await Tool.RunAsync(await AgentProgram.BuildAsync(), "inventory", "--json"));
        Assert.Equal(Environment.MachineName, document.RootElement.GetProperty("operatingSystem").GetProperty("hostName").GetString());
    }

    [Theory]
    [InlineData("error[USAGE]: ", 2, "capture")]
    [InlineData("error[USAGE]: --server is not an https URL", 2, "capture", "--server", "http://192.0.2.1", "--key-file", "/dev/null")]
    [InlineData("error[USAGE]: --max-cpu is not from 1 to 100", 2, "capture", "--server", "https://192.0.2.1", "--key-file", "/dev/null", "--max-cpu", "0")]
    [InlineData("error[AGENT_DISK_UNKNOWN]: ", 3, "capture", "--server", "https://192.0.2.1", "--key-file", "/dev/null", "--disk", "/dev/there-is-none")]
    public async Task Program_SaysWhatIsWrong(string line, int exitCode, params string[] arguments)
    {
        var (code, output) = await Tool.TryRunAsync(await AgentProgram.BuildAsync(), arguments);
        Assert.Equal(exitCode, code);
        Assert.StartsWith(line, output, StringComparison.Ordinal);
    }

    /// <summary>Debian 11 is the oldest release whose packages every mirror has; its glibc 2.31 has threads in a library of their own, as 2.28 has, which is what differs from the machine that builds.</summary>
    [Fact]
    [Trait("Tier", "all")]
    public async Task Program_StartsInATreeOfDebian11()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root may make a tree of another release and run in it.");
        Tool.Require("debootstrap");
        using var folder = new TemporaryFolder();
        await Tool.RunAsync("debootstrap", "--variant=minbase", "--include=libssl1.1", "bullseye", folder.Path);
        File.Copy(await AgentProgram.BuildAsync(), folder.At("ferry-agent"));
        Assert.Contains("2.31", await Tool.RunAsync("chroot", folder.Path, "/lib/x86_64-linux-gnu/libc.so.6"), StringComparison.Ordinal);
        using var document = JsonDocument.Parse(await Tool.RunAsync("chroot", folder.Path, "/ferry-agent", "inventory", "--json"));
        Assert.Equal("11", document.RootElement.GetProperty("operatingSystem").GetProperty("version").GetString());
    }

    [Fact]
    [Trait("Tier", "all")]
    public async Task SameCode_IsOneFileForWindows()
    {
        var program = await AgentProgram.BuildAsync("win-x64");
        var head = new byte[2];
        await using var file = File.OpenRead(program);
        await file.ReadExactlyAsync(head, TestContext.Current.CancellationToken);
        Assert.Equal("MZ"u8.ToArray(), head);
    }

    [GeneratedRegex(@"GLIBC_([0-9.]+)")]
    private static partial Regex GlibcVersion();

    [GeneratedRegex(@"NEEDED\s+(\S+)")]
    private static partial Regex NeededLibrary();
}
