using Ferry.DiskImages.Tests.Support;
using Xunit;

namespace Ferry.DiskImages.Tests.Raw;

/// <summary>A file as a block device; the test is skipped where that is not allowed.</summary>
internal sealed class LoopDevice : IAsyncDisposable
{
    private LoopDevice(string path) => Path = path;

    public string Path { get; }

    public static async Task<LoopDevice> AttachAsync(string file, int sectorSize)
    {
        Tool.Require("losetup");
        var (code, output) = await Tool.TryRunAsync("losetup", "--find", "--show", "--sector-size", sectorSize.ToString(System.Globalization.CultureInfo.InvariantCulture), file);
        if (code != 0)
        {
            Assert.Skip($"No loop device can be had: {output.Trim()}");
        }

        return new LoopDevice(output.Trim());
    }

    public async ValueTask DisposeAsync() => await Tool.TryRunAsync("losetup", "--detach", Path);
}
