using System.Globalization;
using System.Text.RegularExpressions;

namespace Ferry.Agent.Tests;

/// <summary>The agent ends with what docs/errors.md says.</summary>
public sealed partial class ExitCodeTests
{
    [Fact]
    public void AgentCodes_EndAsDocumented()
    {
        var rows = Row().Matches(File.ReadAllText(Path.Combine(Root, "docs", "errors.md")));
        Assert.Equal([AgentErrors.DiskChanged, AgentErrors.DiskInUse, AgentErrors.DiskUnknown], rows.Select(row => row.Groups["code"].Value).Order(StringComparer.Ordinal));
        Assert.All(rows, row => Assert.Equal(int.Parse(row.Groups["exit"].Value, CultureInfo.InvariantCulture), ExitCode.Of(row.Groups["code"].Value)));
    }

    private static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "Microservices.sln")))
            {
                folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run inside the repository.");
            }

            return folder;
        }
    }

    [GeneratedRegex(@"^\| `(?<code>AGENT_[A-Z_]+)` \|.*\| (?<exit>[0-9]) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
