namespace Ferry.Architecture.Tests;

/// <summary>The dependency rules of the design, section 4.</summary>
public sealed class DependencyTests
{
    private static readonly string[] Libraries = ["Ferry.DiskImages", "Ferry.Chunks", "Ferry.Hives", "Ferry.Hosting"];

    private static IEnumerable<string> Services => Repository.Projects
        .Where(x => Repository.Relative(x.Value).StartsWith("services/", StringComparison.Ordinal)).Select(x => x.Key);

    [Fact]
    public void Contracts_ReferToNothing()
    {
        Assert.Empty(Repository.ReferencesOf("Ferry.Contracts"));
        Assert.Empty(Repository.PackagesOf("Ferry.Contracts"));
    }

    [Fact]
    public void DiskImages_ReferToNothing()
    {
        Assert.Empty(Repository.ReferencesOf("Ferry.DiskImages"));
        Assert.Empty(Repository.PackagesOf("Ferry.DiskImages"));
    }

    [Fact]
    public void Hives_ReferToNothing()
    {
        Assert.Empty(Repository.ReferencesOf("Ferry.Hives"));
        Assert.Empty(Repository.PackagesOf("Ferry.Hives"));
    }

    [Fact]
    public void Chunks_ReferToDiskImagesOnly() => Assert.Equal(["Ferry.DiskImages"], Repository.ReferencesOf("Ferry.Chunks"));

    [Fact]
    public void Hosting_RefersToContractsOnly() => Assert.Equal(["Ferry.Contracts"], Repository.ReferencesOf("Ferry.Hosting"));

    [Fact]
    public void Service_RefersToContractsAndLibraries_NeverToAnotherService()
    {
        Assert.NotEmpty(Services);
        foreach (var service in Services)
        {
            Assert.All(Repository.ReferencesOf(service), reference => Assert.Contains(reference, Libraries.Append("Ferry.Contracts")));
        }
    }

    [Fact]
    public void Gateway_KnowsNoMessageAndNoService() => Assert.Equal(["Ferry.Hosting"], Repository.ReferencesOf("Ferry.Gateway"));

    /// <summary>What runs on somebody else's server is small: what it says, and what reads and sends disks.</summary>
    [Fact]
    public void Agent_RefersToContractsChunksAndDiskImagesOnly() =>
        Assert.Equal(["Ferry.Chunks", "Ferry.Contracts", "Ferry.DiskImages"], Repository.ReferencesOf("Ferry.Agent"));

    [Fact]
    public void OnlyTheCommandLineRefersToServices()
    {
        var product = Repository.Projects.Where(x => !Repository.Relative(x.Value).StartsWith("tests/", StringComparison.Ordinal)).Select(x => x.Key);
        foreach (var project in product.Except(["Ferry.Cli"]))
        {
            Assert.Empty(Repository.ReferencesOf(project).Intersect(Services));
        }
    }

    [Fact]
    public void EveryProject_IsInTheSolution()
    {
        var solution = File.ReadAllText(Path.Combine(Repository.Root, "Microservices.sln")).Replace('\\', '/');
        Assert.All(Repository.Projects.Values, path => Assert.Contains(Repository.Relative(path), solution, StringComparison.Ordinal));
    }
}
