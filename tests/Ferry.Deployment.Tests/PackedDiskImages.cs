namespace Ferry.Deployment.Tests;

/// <summary>The package of Ferry.DiskImages, packed once into a folder of its own.</summary>
public sealed class PackedDiskImages : IAsyncLifetime
{
    private const string Project = "libs/Ferry.DiskImages/Ferry.DiskImages.csproj";
    private static readonly string Configuration = AppContext.BaseDirectory.Contains("/Debug/", StringComparison.Ordinal) ? "Debug" : "Release";

    /// <summary>A folder for this class of tests.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("ferry-package-").FullName;

    /// <summary>Where the package and its symbols are.</summary>
    public string Packages => Path.Combine(Folder, "packages");

    /// <summary>Packs what was built once more.</summary>
    public static async Task PackAgainAsync(string folder) => await PackAsync(folder, "--no-build");

    public async ValueTask InitializeAsync() => await PackAsync(Packages);

    public ValueTask DisposeAsync()
    {
        Directory.Delete(Folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static Task<string> PackAsync(string folder, params string[] more) =>
        DotnetCommand.RunAsync(Repository.Root, ["pack", Project, "-c", Configuration, "-m:1", "--nologo", "-v", "quiet", "-o", folder, .. more]);
}
