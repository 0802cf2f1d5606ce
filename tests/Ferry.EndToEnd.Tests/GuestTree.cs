namespace Ferry.EndToEnd.Tests;

/// <summary>The file tree of a guest's root, as guestfish sees it: names, kinds, modes, owners and the contents' checksums, without times.</summary>
internal static class GuestTree
{
    public static async Task<string> ListAsync(string image)
    {
        Environment.SetEnvironmentVariable("LIBGUESTFS_BACKEND", "direct");
        var archive = Path.GetTempFileName();
        try
        {
            await Commands.ToolAsync("guestfish", "--ro", "--format=vhdx", "-a", image, "-m", "/dev/sda2", "checksums-out", "sha256", "/", archive);
            return string.Join('\n', (await File.ReadAllLinesAsync(archive)).Order(StringComparer.Ordinal));
        }
        finally
        {
            File.Delete(archive);
        }
    }
}
