using System.Text.RegularExpressions;

namespace Ferry.Architecture.Tests;

/// <summary>One code per cause, and every code explained.</summary>
public sealed partial class ErrorCodeTests
{
    [Fact]
    public void EveryErrorCode_IsExplainedInTheDocs()
    {
        var explained = Heading().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "errors.md"))).Select(x => x.Groups[1].Value).ToHashSet();
        var used = Repository.ProductSources
            .SelectMany(path => Code().Matches(File.ReadAllText(path)).Select(x => x.Groups[1].Value))
            .Distinct();
        Assert.Empty(used.Where(code => !explained.Contains(code)).Order());
    }

    // A code is an upper-case literal with an underscore: CHUNK_MISSING. Environment variables, and keys of os-release and blkid, begin otherwise.
    [GeneratedRegex("\"((?!FERRY_|OTEL_|LIBGUESTFS_|SUPERMIN_|DOTNET_|XDG_|PART_ENTRY_|PRETTY_|VERSION_)[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)\"")]
    private static partial Regex Code();

    [GeneratedRegex(@"`([A-Z][A-Z0-9_]+)`")]
    private static partial Regex Heading();
}
