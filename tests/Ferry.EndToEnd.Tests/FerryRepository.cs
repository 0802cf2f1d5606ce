namespace Ferry.EndToEnd.Tests;

/// <summary>Where the built programs and the sample machine are.</summary>
internal static class FerryRepository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The command line, as the launcher builds it.</summary>
    public static string Program => Path.Combine(Root, "artifacts", "ferry", "ferry");

    /// <summary>The launcher of the README.</summary>
    public static string Launcher => Path.Combine(Root, "ferry");

    /// <summary>Where tests keep what takes long to make.</summary>
    public static string Cache { get; } = Environment.GetEnvironmentVariable("FERRY_CACHE")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "ferry");

    /// <summary>The sample machine, as <c>./test</c> builds it.</summary>
    public static string SampleVm
    {
        get
        {
            var path = Path.Combine(Cache, "test-vm", "debian-sample.vmx");
            Assert.SkipUnless(File.Exists(path), $"The sample VM is not built: samples/make-debian-vm {Path.GetDirectoryName(path)}");
            Assert.SkipUnless(File.Exists(Program), "ferry is not built: ./ferry --version");
            return path;
        }
    }

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
