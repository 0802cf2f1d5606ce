using Ferry.Contracts;

namespace Ferry.Cli.Output;

/// <summary>Findings on standard output.</summary>
internal static class Findings
{
    public static void Print(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            Console.WriteLine($"{finding.Severity.ToString().ToLowerInvariant()}[{finding.Id}]: {finding.Message} {finding.Remedy}".TrimEnd());
        }
    }
}
