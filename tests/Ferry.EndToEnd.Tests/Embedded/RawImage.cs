namespace Ferry.EndToEnd.Tests.Embedded;

/// <summary>Raw images without a guest: quick to convert with <c>--no-fixup</c>.</summary>
internal static class RawImage
{
    /// <summary>Writes noise; the same seed gives the same bytes.</summary>
    public static string Write(string path, int mebibytes, int seed)
    {
        var random = new Random(seed);
        var part = new byte[1 << 20];
        using var file = File.Create(path);
        for (var i = 0; i < mebibytes; i++)
        {
            random.NextBytes(part);
            file.Write(part);
        }

        return path;
    }
}
