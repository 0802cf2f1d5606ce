using System.Globalization;
using System.Text.RegularExpressions;

namespace Ferry.Cli.Tests;

/// <summary>The table of exit codes is the one of docs/errors.md.</summary>
public sealed partial class ExitCodeTests
{
    // Code, what happened, what to do, exit; tables of findings have no exit.
    private const int Columns = 4;

    /// <summary>What the agent ends with is its own tests' matter.</summary>
    private const string OfTheAgent = "| `AGENT_";

    /// <summary>Every row of a table of errors.md: the code and the exit codes that it says.</summary>
    public static TheoryData<string, string> Documented
    {
        get
        {
            var rows = new TheoryData<string, string>();
            foreach (Match row in Row().Matches(File.ReadAllText(Path.Combine(Root, "docs", "errors.md"))).Where(row => !row.Value.StartsWith(OfTheAgent, StringComparison.Ordinal)))
            {
                rows.Add(row.Groups["code"].Value, row.Groups["exit"].Value);
            }

            return rows;
        }
    }

    [Fact]
    public void EveryRowOfATableOfErrors_IsRead() => Assert.Equal(
        File.ReadLines(Path.Combine(Root, "docs", "errors.md")).Count(line => line.StartsWith("| `", StringComparison.Ordinal) && !line.StartsWith(OfTheAgent, StringComparison.Ordinal) && line.Split(" | ").Length == Columns),
        Documented.Count);

    [Theory]
    [MemberData(nameof(Documented))]
    public void Code_EndsAsDocumented(string code, string exits)
    {
        var documented = exits.Split(", ").Select(exit => int.Parse(exit, CultureInfo.InvariantCulture));
        int[] actual = [ExitCode.Of(code, atSource: true), ExitCode.Of(code, atSource: false)];
        Assert.Equal(documented, actual.Distinct().Order());
    }

    [Fact]
    public void CodeThatNobodyListed_IsAStepThatFailed() => Assert.Equal(5, ExitCode.Of("NEVER_HEARD_OF"));

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

    [GeneratedRegex(@"^\| `(?<code>[A-Z0-9_]+)` \|.*\| (?<exit>[0-9](?:, [0-9])*) \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
