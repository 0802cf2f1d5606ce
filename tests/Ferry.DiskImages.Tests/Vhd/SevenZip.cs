using Ferry.DiskImages.Tests.Support;

namespace Ferry.DiskImages.Tests.Vhd;

/// <summary>7-Zip as an independent reader: it checks the structures, honours sector bitmaps and looks for parents beside the image, which QEMU does not.</summary>
internal static class SevenZip
{
    /// <summary>SHA-256 of an image's content.</summary>
    public static async Task<string> HashAsync(string path)
    {
        Tool.Require("7z");
        var output = await Tool.RunAsync("bash", "-c", $"set -o pipefail; 7z x -so '{path}' | sha256sum");
        return output[..64];
    }
}
