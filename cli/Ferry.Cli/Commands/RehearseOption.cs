using System.CommandLine;
using Ferry.Orchestrator.Conversions.Steps;

namespace Ferry.Cli.Commands;

/// <summary><c>--rehearse</c>, which is the same as <c>--rehearse=report</c>, or <c>--rehearse=require</c>. A value follows the equals sign only, so that the option may stand before the source.</summary>
internal static class RehearseOption
{
    private const string Name = "--rehearse";

    public static Option<string?> Create()
    {
        var option = new Option<string?>(Name)
        {
            Description = "Start the machine once before the conversion, without network, and report whether it boots; --rehearse=require: publish only what boots.",
            HelpName = "=report|=require",
        };
        return option.AcceptOnlyFromAmong(RehearseStep.None, RehearseStep.Report, RehearseStep.Require);
    }

    /// <summary>The arguments with the value written out where there is none.</summary>
    public static string[] Complete(string[] args) => [.. args.Select(word => word == Name ? $"{Name}={RehearseStep.Report}" : word)];

    public static string Of(ParseResult parsed, Option<string?> option) => parsed.GetValue(option) ?? RehearseStep.None;
}
