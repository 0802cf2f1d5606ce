using System.Diagnostics;
using Xunit;

namespace Ferry.Testing;

/// <summary>The native agent, as <c>agent/build</c> makes it: once for the same sources, kept under FERRY_CACHE.</summary>
internal static class AgentProgram
{
    private static readonly Dictionary<string, Task<string>> Builds = [];

    /// <summary>Path of the program for a platform.</summary>
    public static Task<string> BuildAsync(string platform = "linux-x64")
    {
        lock (Builds)
        {
            return Builds.TryGetValue(platform, out var build) ? build : Builds[platform] = RunAsync(platform);
        }
    }

    private static async Task<string> RunAsync(string platform)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(FindRoot(), "agent", "build"), [platform]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"agent/build {platform} ended with {process.ExitCode}: {await errors}");
        return (await output).Trim();
    }

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Microservices.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder;
    }
}
