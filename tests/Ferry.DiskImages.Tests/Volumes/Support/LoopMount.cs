using System.Diagnostics;
using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Support;

/// <summary>A file system in an image, mounted by the kernel, or by ntfs-3g. Skips visibly without the rights for that.</summary>
internal sealed class LoopMount : IAsyncDisposable
{
    private readonly Process? _driver;

    private LoopMount(string folder, Process? driver)
    {
        Folder = folder;
        _driver = driver;
    }

    public string Folder { get; }

    public static async Task<LoopMount> MountAsync(string image, string kind, string options = "rw")
    {
        if (Environment.UserName != "root")
        {
            Assert.Skip("Mounting needs root.");
        }

        var folder = Directory.CreateTempSubdirectory("ferry-mount-").FullName;
        if (kind == "ntfs")
        {
            return new LoopMount(folder, await StartAsync(image, folder, options));
        }

        var (code, output) = await Tool.TryRunAsync("mount", "-t", kind, "-o", $"loop,{options}", image, folder);
        if (code != 0)
        {
            Directory.Delete(folder);
            Assert.Skip($"{kind} cannot be mounted here: {output.Trim()}");
        }

        return new LoopMount(folder, null);
    }

    public async ValueTask DisposeAsync()
    {
        var (code, output) = await Tool.TryRunAsync("umount", Folder);
        Assert.True(code == 0, output);
        if (_driver is not null)
        {
            // The image is complete only when the driver has ended.
            await _driver.WaitForExitAsync(TestContext.Current.CancellationToken);
            _driver.Dispose();
        }

        Directory.Delete(Folder);
    }

    /// <summary>Runs ntfs-3g in the foreground and waits until its file system is there.</summary>
    private static async Task<Process> StartAsync(string image, string folder, string options)
    {
        Tool.Require("ntfs-3g");
        var driver = Process.Start(new ProcessStartInfo("ntfs-3g", [image, folder, "-o", $"{options},no_detach"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        while (!(await File.ReadAllTextAsync("/proc/self/mounts", TestContext.Current.CancellationToken)).Contains($" {folder} ", StringComparison.Ordinal))
        {
            if (driver.HasExited)
            {
                Directory.Delete(folder);
                Assert.Skip($"ntfs-3g cannot mount here: {await driver.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)}");
            }

            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        return driver;
    }
}
