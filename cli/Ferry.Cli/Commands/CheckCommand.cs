using System.CommandLine;
using System.Text.Json;
using Ferry.Cli.Output;
using Ferry.Cli.Previews;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Orchestrator.Conversions;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry check</c>: what a conversion would find and change. Changes nothing; exit code 4 when it would refuse.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var source = Arguments.Source();
        var to = Arguments.To();
        var format = Arguments.InputFormat();
        var json = Arguments.Json();
        var command = new Command("check", "Says what a conversion would find and change. Changes nothing.") { source, to, format, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            Arguments.FullSource(parsed.GetRequiredValue(source)), parsed.GetRequiredValue(to), parsed.GetValue(format), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string source, string target, string? format, bool json, CancellationToken cancellationToken)
    {
        Arguments.ThrowIfInvalid(ConversionRequestValidator.Validate(
            new ConversionRequest { Source = source, Target = target, Output = Path.GetFullPath(".") }));
        var found = await new SourcePreview(source, format).CheckAsync(target, cancellationToken);
        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(found, JsonOutput.Options));
        }
        else
        {
            foreach (var change in found.Changes)
            {
                Console.WriteLine($"would change {change.Path}: {change.Summary} ({change.Rule})");
            }

            Findings.Print(found.Findings);
        }

        return found.Findings.Any(finding => finding.Severity == FindingSeverity.Error) ? ExitCode.PreflightRefused : ExitCode.Done;
    }
}
