using System.IO.Compression;
using System.Runtime.CompilerServices;
using Xunit;

namespace Ferry.Hives.Tests.Support;

/// <summary>The sample hives of FERRY_SAMPLES, by default ../shared/samples beside the repository. They are never committed; where absent, tests skip visibly.</summary>
internal static class Samples
{
    public const string Yarp = "msuhanov-yarp/hives_for_tests/";
    public const string Regipy = "mkorman90-regipy/";
    public const string System7 = Regipy + "SYSTEM.xz";
    public const string System10 = Regipy + "SYSTEM_B.xz";
    public const string BootStore = Regipy + "BCD.xz";
    public const string Minimal = "libguestfs-virt-v2v/test-data/phony-guests/minimal-hive";

    public static string Folder { get; } = Environment.GetEnvironmentVariable("FERRY_SAMPLES") ?? Path.GetFullPath(Path.Combine(RepositoryRoot(), "..", "shared", "samples"));

    /// <summary>The bytes of a sample; skips the test when it is not there.</summary>
    public static async Task<byte[]> ReadAsync(string name)
    {
        var source = Path.Combine(Folder, name);
        if (!File.Exists(source))
        {
            Assert.Skip($"The sample {source} is not there; set FERRY_SAMPLES.");
        }

        switch (Path.GetExtension(source))
        {
            case ".gz":
                await using (var input = File.OpenRead(source))
                await using (var gzip = new GZipStream(input, CompressionMode.Decompress))
                {
                    using var output = new MemoryStream();
                    await gzip.CopyToAsync(output, TestContext.Current.CancellationToken);
                    return output.ToArray();
                }

            case ".xz":
                Tool.Require("xz");
                return await Tool.RunForBytesAsync("xz", "-dc", source);
            default:
                return await File.ReadAllBytesAsync(source, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>A log; its name is the file's without what packs it.</summary>
    public static async Task<HiveLog> LogAsync(string name) => new(Path.GetFileName(name).Replace(".xz", "", StringComparison.Ordinal), await ReadAsync(name));

    private static string RepositoryRoot([CallerFilePath] string path = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(path)!, "..", "..", ".."));
}
