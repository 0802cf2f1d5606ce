using System.Globalization;

namespace Ferry.EndToEnd.Tests;

/// <summary>A table of results that a test run puts into a page of the documentation, between marks.</summary>
internal static class MarkedTable
{
    /// <summary>When and where it was made: the date, the commit that a variable names, and the machine.</summary>
    public static string Heading(string commitVariable)
    {
        var commit = Environment.GetEnvironmentVariable(commitVariable) is { Length: > 0 } named ? $", commit {named}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{TimeProvider.System.GetUtcNow():d MMMM yyyy}{commit}, {Environment.ProcessorCount} cores");
    }

    /// <summary>Prints the table. Where <paramref name="fileVariable"/> names a file, and the run was complete, it is put there between the marks of <paramref name="mark"/>.</summary>
    public static void Write(string text, string mark, string fileVariable, bool complete)
    {
        Console.WriteLine(text);
        if (complete && Environment.GetEnvironmentVariable(fileVariable) is { Length: > 0 } path)
        {
            var page = File.ReadAllText(path);
            var (start, end) = ($"<!-- {mark}: begin -->", $"<!-- {mark}: end -->");
            var (begin, rest) = (page.IndexOf(start, StringComparison.Ordinal) + start.Length, page.IndexOf(end, StringComparison.Ordinal));
            File.WriteAllText(path, $"{page[..begin]}\n{text}{page[rest..]}");
        }
    }
}
