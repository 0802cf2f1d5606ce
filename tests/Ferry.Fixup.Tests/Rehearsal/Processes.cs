using System.Globalization;

namespace Ferry.Fixup.Tests.Rehearsal;

/// <summary>Processes of this machine.</summary>
internal static class Processes
{
    /// <summary>Ids of those with a text in their command line.</summary>
    public static List<int> With(string text) =>
        [.. Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _)).Where(name => CommandLine(name!).Contains(text, StringComparison.Ordinal))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture))];

    private static string CommandLine(string process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/cmdline");
        }
        catch (IOException)
        {
            // It has ended.
            return "";
        }
    }
}
