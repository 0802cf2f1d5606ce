using System.IO.Compression;
using System.Runtime.CompilerServices;
using Xunit;

namespace Ferry.DiskImages.Tests.Support;

/// <summary>The sample images of FERRY_SAMPLES, by default ../shared/samples beside the repository. They are never committed; where absent, tests skip visibly.</summary>
internal static class Samples
{
    public static string Folder { get; } = Environment.GetEnvironmentVariable("FERRY_SAMPLES") ?? Path.GetFullPath(Path.Combine(RepositoryRoot(), "..", "shared", "samples"));

    /// <summary>Unpacks a sample into a folder; skips the test when it is not there.</summary>
    /// <returns>The path of the unpacked file.</returns>
    public static async Task<string> UnpackAsync(string name, string folder)
    {
        var source = Path.Combine(Folder, name);
        if (!File.Exists(source))
        {
            Assert.Skip($"The sample {source} is not there; set FERRY_SAMPLES.");
        }

        var target = Path.Combine(folder, Path.GetFileNameWithoutExtension(source));
        switch (Path.GetExtension(source))
        {
            case ".gz":
                await using (var input = File.OpenRead(source))
                await using (var gzip = new GZipStream(input, CompressionMode.Decompress))
                await using (var output = File.Create(target))
                {
                    await gzip.CopyToAsync(output, TestContext.Current.CancellationToken);
                }

                return target;
            case ".bz2":
                Tool.Require("bzip2");
                await Tool.RunAsync("sh", "-c", $"bzip2 -dc '{source}' > '{target}'");
                return target;
            default:
                target = Path.Combine(folder, Path.GetFileName(source));
                File.Copy(source, target, overwrite: true);
                return target;
        }
    }

    public static string RepositoryRoot([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
