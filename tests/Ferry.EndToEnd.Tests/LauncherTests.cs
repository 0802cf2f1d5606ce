using System.Diagnostics;
using System.Globalization;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests;

/// <summary>The two commands of the README, as a user meets them.</summary>
public sealed class LauncherTests : IDisposable
{
    private const int MostMemoryKiB = 300 * 1024;

    private readonly TempFolder folder = new("launcher");

    /// <inheritdoc/>
    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Ferry_AlreadyBuilt_StartsWithinASecond()
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 5; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await Commands.ToolAsync(FerryRepository.Launcher, "--version");
            var took = Stopwatch.GetElapsedTime(started);
            best = took < best ? took : best;
        }

        Assert.True(best < TimeSpan.FromSeconds(1), $"the fastest of five starts took {best}");
    }

    [Fact]
    public async Task MissingPackages_WithoutRoot_AreNamedWithTheCommandThatInstallsThem()
    {
        var script = Path.Combine(FerryRepository.Root, "scripts", "packages.sh");
        var copy = folder.File("packages.sh");
        File.Copy(script, copy);
        await Commands.ToolAsync("chmod", "-R", "a+rX", folder.File(""));
        string[] command = ["bash", "-c", $". {copy}; need_packages 'the test' ferry-no-such-package ferry-nor-this"];
        var result = Environment.IsPrivilegedProcess
            ? await Commands.RunAsync("setpriv", ["--reuid", "nobody", "--regid", "nogroup", "--clear-groups", "--", .. command])
            : await Commands.RunAsync(command[0], command[1..]);

        Assert.Equal(2, result.ExitCode);
        Assert.Contains("error[PACKAGES_MISSING]: the test needs", result.Errors, StringComparison.Ordinal);
        Assert.Contains("sudo apt-get install --no-install-recommends ferry-no-such-package ferry-nor-this", result.Errors, StringComparison.Ordinal);
    }

    /// <summary>Memory does not grow with the disk: 100 GiB of it, with data all over.</summary>
    [Theory]
    [InlineData("image", "convert", "-f", "raw", "{source}", "{target}.vhdx")]
    [InlineData("convert", "{source}", "--input-format", "raw", "--to", "hyperv", "--output", "{target}", "--no-fixup")]
    public async Task HugeDisk_IsConvertedInLittleMemory(params string[] arguments)
    {
        const string Time = "/usr/bin/time";
        Skip.UnlessFiles("time", Time);
        var source = folder.File("huge.img");
        await WriteScatteredAsync(source, 100L << 30);
        string[] command = [.. arguments.Select(argument => argument
            .Replace("{source}", source, StringComparison.Ordinal).Replace("{target}", folder.File("target"), StringComparison.Ordinal))];

        var result = await Commands.RunAsync(Time, ["-f", "peak=%M", FerryRepository.Program, .. command]);

        Assert.True(result.ExitCode == 0, result.ToString());
        var peak = int.Parse(result.Errors.Split("peak=")[1].Trim(), CultureInfo.InvariantCulture);
        Assert.True(peak < MostMemoryKiB, $"{peak} KiB were resident");
    }

    private static async Task WriteScatteredAsync(string path, long size)
    {
        await using var file = File.Create(path);
        file.SetLength(size);
        var noise = new byte[64 << 10];
        new Random(7).NextBytes(noise);
        for (long offset = 0; offset < size; offset += size / 2048)
        {
            file.Position = offset;
            await file.WriteAsync(noise, TestContext.Current.CancellationToken);
        }
    }
}
