using System.Diagnostics;

namespace Ferry.Conversion.Tests.Support;

/// <summary>Runs qemu-img; a test that needs it is skipped, visibly, where it is not installed.</summary>
internal static class QemuImg
{
    /// <summary>Runs it.</summary>
    /// <returns>Its standard output.</returns>
    public static async Task<string> RunAsync(params string[] arguments)
    {
        const string Program = "/usr/bin/qemu-img";
        if (!File.Exists(Program))
        {
            Assert.Skip("qemu-img is not installed (apt-get install qemu-utils).");
        }

        using var process = Process.Start(new ProcessStartInfo(Program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, $"qemu-img {string.Join(' ', arguments)}: {await output}{error}");
        return await output;
    }
}
