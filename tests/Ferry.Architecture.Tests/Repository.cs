using System.Xml.Linq;

namespace Ferry.Architecture.Tests;

/// <summary>The repository's files, found from the test's own place.</summary>
internal static class Repository
{
    private static readonly string[] ProductFolders = ["contracts", "libs", "services", "gateway", "agent", "cli"];

    public static string Root { get; } = FindRoot();

    /// <summary>Every project file, by project name.</summary>
    public static IReadOnlyDictionary<string, string> Projects { get; } = Files(["contracts", "libs", "services", "gateway", "agent", "cli", "tests", "benchmarks"], "*.csproj")
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path)!);

    /// <summary>Source files of the product, without tests.</summary>
    public static IEnumerable<string> ProductSources => Files(ProductFolders, "*.cs");

    /// <summary>Source files of product and tests.</summary>
    public static IEnumerable<string> AllSources => Files([.. ProductFolders, "tests", "benchmarks"], "*.cs");

    /// <summary>Names of the projects that a project refers to.</summary>
    public static IReadOnlyList<string> ReferencesOf(string project) =>
        [.. XDocument.Load(Projects[project]).Descendants("ProjectReference").Select(x => Path.GetFileNameWithoutExtension(((string)x.Attribute("Include")!).Replace('\\', '/'))).Order()];

    /// <summary>Names of the packages that a project refers to itself, but for those that only look at its source.</summary>
    public static IReadOnlyList<string> PackagesOf(string project) =>
        [.. XDocument.Load(Projects[project]).Descendants("PackageReference").Where(x => (string?)x.Attribute("PrivateAssets") != "all").Select(x => (string)x.Attribute("Include")!).Order()];

    public static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static IEnumerable<string> Files(IEnumerable<string> folders, string pattern) =>
        folders.Select(folder => Path.Combine(Root, folder))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories))
            .Where(path => !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal));

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Microservices.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
        }

        return folder;
    }
}
