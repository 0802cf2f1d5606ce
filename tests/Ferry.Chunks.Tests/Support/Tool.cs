using System.Diagnostics;

namespace Ferry.Chunks.Tests.Support;

/// <summary>Runs another program and gives back what it printed.</summary>
internal static class Tool
{
    public static async Task<string> RunAsync(string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(name, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LIBGUESTFS_BACKEND"] = "direct";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"{name} {string.Join(' ', arguments)}: exit code {process.ExitCode}\n{await output}\n{await errors}");
        return await output;
    }
}
