namespace Ferry.Deployment.Tests;

/// <summary>One Dockerfile per host, all of the same shape.</summary>
public sealed class DockerfileTests
{
    public static TheoryData<string> All => [.. Hosts.All];

    [Theory]
    [MemberData(nameof(All))]
    public void Dockerfile_IsMultiStage_NonRoot_WithBaseImagesAsArguments(string host)
    {
        var lines = Repository.Read("docker", $"{host}.Dockerfile").Split('\n');
        Assert.Contains(lines, line => line.StartsWith("ARG SDK_IMAGE=", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("ARG RUNTIME_IMAGE=", StringComparison.Ordinal));
        Assert.Equal(["FROM ${SDK_IMAGE} AS build", "FROM ${RUNTIME_IMAGE}"], lines.Where(line => line.StartsWith("FROM ", StringComparison.Ordinal)));
        Assert.Contains("USER 10001:10001", lines);
        Assert.True(Array.IndexOf(lines, "USER 10001:10001") > Array.FindLastIndex(lines, line => line.StartsWith("RUN ", StringComparison.Ordinal)));
    }

    /// <summary>.NET 10 has no images on Debian: a program that needs Debian's packages brings its own runtime.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Dockerfile_RuntimeImage_IsOneThatIsPublished(string host)
    {
        var lines = Repository.Read("docker", $"{host}.Dockerfile").Split('\n');
        var image = lines.Single(line => line.StartsWith("ARG RUNTIME_IMAGE=", StringComparison.Ordinal)).Split('=')[1];
        var publish = lines.Single(line => line.StartsWith("RUN dotnet publish ", StringComparison.Ordinal));
        Assert.Equal(
            lines.Any(line => line.Contains("apt-get install", StringComparison.Ordinal))
                ? ("debian:bookworm-slim", true)
                : ("mcr.microsoft.com/dotnet/aspnet:10.0-noble", false),
            (image, publish.Contains("--self-contained -r linux-x64", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Dockerfile_PublishesAProjectThatExists(string host)
    {
        var publish = Repository.Read("docker", $"{host}.Dockerfile").Split('\n').Single(line => line.StartsWith("RUN dotnet publish ", StringComparison.Ordinal));
        Assert.True(Directory.Exists(Repository.File(publish.Split(' ')[3])), publish);
    }
}
