using System.CommandLine;
using Ferry.Contracts;

namespace Ferry.Cli.Commands;

/// <summary>Arguments and options that several commands have.</summary>
internal static class Arguments
{
    public static Argument<string> Source() =>
        new("SOURCE") { Description = "A .vmx, .ovf, .ova or disk image: a path or an http(s) URL." };

    public static Option<string> To() => new("--to", "-t") { Description = "Target platform: hyperv or raw.", Required = true };

    public static Option<string?> InputFormat() =>
        new("--input-format", "-f") { Description = "Format of a bare disk image; raw has to be said, all others are found by content." };

    public static Option<bool> Json() => new("--json") { Description = "Print one JSON document on standard output." };

    /// <summary>A path as a full path; a URL as it is.</summary>
    public static string FullSource(string source) =>
        source.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || source.StartsWith("https://", StringComparison.OrdinalIgnoreCase)
            ? source
            : Path.GetFullPath(source);

    /// <summary>Ends with code 2 and every error, when there is one.</summary>
    public static void ThrowIfInvalid(IDictionary<string, string[]> errors)
    {
        if (errors.Count > 0)
        {
            throw new CliException(ExitCode.Usage, new Failure { Code = "USAGE", Message = string.Join(" ", errors.Values.SelectMany(x => x)) });
        }
    }
}
