using System.Globalization;
using System.Text.RegularExpressions;
using Ferry.Contracts.Conversions;

namespace Ferry.Cli.Embedded;

/// <summary>A request as the command that makes it, ready to be pasted into a shell.</summary>
internal static partial class ConvertCommandText
{
    public static string Of(ConversionRequest request)
    {
        var words = new List<string> { "ferry", "convert", Quoted(request.Source), "--to", Quoted(request.Target), "--output", Quoted(request.Output) };
        Add("--input-format", request.SourceFormat);
        Add("--format", request.Format);
        Add("--generation", request.Generation?.ToString(CultureInfo.InvariantCulture));
        Add("--name", request.Name);
        foreach (var script in request.FirstBoot)
        {
            Add("--first-boot", script);
        }

        if (!request.Fixup)
        {
            words.Add("--no-fixup");
        }

        if (request.AllBlocks)
        {
            words.Add("--all-blocks");
        }

        if (request.Rehearse != "none")
        {
            words.Add("--rehearse=" + request.Rehearse);
        }

        if (request.RunFirstBoot)
        {
            words.Add("--run-first-boot");
        }

        return string.Join(' ', words);

        void Add(string option, string? value) => words.AddRange(value is null ? [] : [option, Quoted(value)]);
    }

    private static string Quoted(string word) => Plain().IsMatch(word) ? word : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"^[A-Za-z0-9_./:=+,@%-]+$")]
    private static partial Regex Plain();
}
