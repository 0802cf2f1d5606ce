using System.Diagnostics;
using Xunit;

namespace Ferry.Testing;

/// <summary>Programs used as oracles.</summary>
internal static class Tool
{
    /// <summary>Skips the test visibly when a program is not installed.</summary>
    public static void Require(string program)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
        if (!found)
        {
            Assert.Skip($"{program} is not installed.");
        }
    }

    /// <summary>Runs a program that must succeed.</summary>
    public static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var (code, output) = await TryRunAsync(program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}: {output}");
        return output;
    }

    /// <summary>Runs a program that must succeed in a folder.</summary>
    public static async Task<string> RunInAsync(string folder, string program, params string[] arguments)
    {
        var (code, output) = await TryRunInAsync(folder, program, arguments);
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}: {output}");
        return output;
    }

    /// <summary>Runs a program that must succeed.</summary>
    /// <returns>The bytes of its standard output.</returns>
    public static async Task<byte[]> RunForBytesAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var output = new MemoryStream();
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.StandardOutput.BaseStream.CopyToAsync(output, TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}: {await error}");
        return output.ToArray();
    }

    /// <summary>Runs a program.</summary>
    public static Task<(int Code, string Output)> TryRunAsync(string program, params string[] arguments) => TryRunInAsync("", program, arguments);

    private static async Task<(int Code, string Output)> TryRunInAsync(string folder, string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
