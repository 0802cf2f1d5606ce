namespace Ferry.DiskImages.Tests.Volumes.Support;

/// <summary>Files of many sizes, some of them deleted again, so that free space is scattered and was in use before.</summary>
internal static class FileTree
{
    /// <summary>Writes the files.</summary>
    /// <param name="folder">Where to.</param>
    /// <param name="bytes">How much to write in all, before the deleting.</param>
    /// <param name="seed">Decides sizes and contents.</param>
    public static void Write(string folder, long bytes, int seed)
    {
        var random = new Random(seed);
        var paths = new List<string>();
        for (var number = 0; bytes > 0; number++)
        {
            var sub = Path.Combine(folder, $"folder{number % 7}");
            Directory.CreateDirectory(sub);
            var size = (int)Math.Min(bytes, random.Next(4) switch { 0 => random.Next(200), 1 => random.Next(20_000), 2 => random.Next(300_000), _ => random.Next(2_000_000) } + 1);
            var content = new byte[size];
            random.NextBytes(content);
            var path = Path.Combine(sub, $"file {number}.bin");
            File.WriteAllBytes(path, content);
            paths.Add(path);
            bytes -= size;
        }

        foreach (var path in paths.Where((_, i) => i % 3 == 1))
        {
            File.Delete(path);
        }
    }
}
