using System.IO.Compression;

namespace Ferry.Capture.Tests;

/// <summary>Sample files of other programs; not part of the repository. <c>FERRY_SAMPLES</c> names their folder, else <c>../shared/samples</c> beside it.</summary>
internal static class Samples
{
    public static readonly string? Folder = Find();

    public static string Path(string name)
    {
        Assert.SkipWhen(Folder is null, "The sample files are not here: set FERRY_SAMPLES.");
        var path = System.IO.Path.Combine(Folder, name);
        Assert.SkipUnless(File.Exists(path), $"The sample {name} is not here.");
        return path;
    }

    public static byte[] Read(string name) => File.ReadAllBytes(Path(name));

    /// <summary>A gzipped sample, written decompressed to a folder.</summary>
    public static void Unpack(string name, string target)
    {
        using var from = new GZipStream(File.OpenRead(Path(name)), CompressionMode.Decompress);
        using var to = File.Create(target);
        from.CopyTo(to);
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("FERRY_SAMPLES") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = System.IO.Path.Combine(folder.FullName, "shared", "samples");
            if (Directory.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
