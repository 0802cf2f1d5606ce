using System.Diagnostics;
using Ferry.Fixup.Tests.Engine;

namespace Ferry.Fixup.Tests.Windows.Disks;

/// <summary>An NTFS of a file, mounted by ntfs-3g on this machine. Skips visibly where that is not possible.</summary>
internal sealed class NtfsFolder : IAsyncDisposable
{
    private readonly Process _driver;

    private NtfsFolder(Process driver, string folder)
    {
        _driver = driver;
        Folder = folder;
    }

    public string Folder { get; }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<NtfsFolder> MountAsync(string image, string folder, string options)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/ntfs-3g") || File.Exists("/bin/ntfs-3g"), "ntfs-3g is not installed");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can mount with ntfs-3g");
        Directory.CreateDirectory(folder);
        var driver = Process.Start(new ProcessStartInfo("ntfs-3g", [image, folder, "-o", $"{options},no_detach"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        while (!(await File.ReadAllTextAsync("/proc/self/mounts", Token)).Contains($" {folder} ", StringComparison.Ordinal))
        {
            if (driver.HasExited)
            {
                Assert.Fail($"ntfs-3g cannot mount {image}: {await driver.StandardError.ReadToEndAsync(Token)}");
            }

            await Task.Delay(10, Token);
        }

        return new NtfsFolder(driver, folder);
    }

    /// <summary>Waits for the driver, which writes until it ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await SampleGuest.RunAsync("umount", Folder);
        await _driver.WaitForExitAsync(CancellationToken.None);
        _driver.Dispose();
        Directory.Delete(Folder);
    }
}
