using System.Diagnostics;

namespace Ferry.Fixup.Tests.Windows;

/// <summary>Real hives of the samples folder.</summary>
internal static class WindowsSamples
{
    /// <summary>A file, unpacked. Skips visibly where it is not there.</summary>
    public static async Task<byte[]> ReadAsync(string name)
    {
        var file = Path.Combine(Environment.GetEnvironmentVariable("FERRY_SAMPLES") ?? "", "mkorman90-regipy", name + ".xz");
        Assert.SkipUnless(File.Exists(file), $"The sample {name} is not there; set FERRY_SAMPLES.");
        using var process = Process.Start(new ProcessStartInfo("xz", ["-dc", file]) { RedirectStandardOutput = true })!;
        using var content = new MemoryStream();
        await process.StandardOutput.BaseStream.CopyToAsync(content, TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return content.ToArray();
    }
}
