using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Volumes.Support;

/// <summary>A file system in an image, mounted by the kernel, or by ntfs-3g. Skips visibly without the rights for that.</summary>
internal sealed class LoopMount : IAsyncDisposable
{
    private LoopMount(string folder) => Folder = folder;

    public string Folder { get; }

    public static async Task<LoopMount> MountAsync(string image, string kind, string options = "rw")
    {
        if (Environment.UserName != "root")
        {
            Assert.Skip("Mounting needs root.");
        }

        var folder = Directory.CreateTempSubdirectory("ferry-mount-").FullName;
        var (code, output) = kind == "ntfs"
            ? await Tool.TryRunAsync("ntfs-3g", image, folder, "-o", options)
            : await Tool.TryRunAsync("mount", "-t", kind, "-o", $"loop,{options}", image, folder);
        if (code != 0)
        {
            Directory.Delete(folder);
            Assert.Skip($"{kind} cannot be mounted here: {output.Trim()}");
        }

        return new LoopMount(folder);
    }

    public async ValueTask DisposeAsync()
    {
        var (code, output) = await Tool.TryRunAsync("umount", Folder);
        Assert.True(code == 0, output);
        Directory.Delete(Folder);
    }
}
