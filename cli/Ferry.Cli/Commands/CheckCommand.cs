using System.CommandLine;
using System.Text.Json;
using Ferry.Cli.Output;
using Ferry.Cli.Previews;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry check</c>: what a conversion would find and change. Changes nothing; exit code 4 when it would refuse.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var source = Arguments.Source();
        var to = Arguments.To();
        var format = Arguments.InputFormat();
        var generation = Arguments.Generation();
        var library = Arguments.Library();
        var json = Arguments.Json();
        var command = new Command("check", "Says what a conversion would find and change. Changes nothing.") { source, to, format, generation, library, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new ConversionRequest
            {
                Source = Arguments.FullSource(parsed.GetRequiredValue(source)),
                SourceFormat = parsed.GetValue(format),
                Target = parsed.GetRequiredValue(to),
                Generation = parsed.GetValue(generation),
                Output = Path.GetFullPath("."),
            },
            parsed.GetValue(library), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ConversionRequest request, string? library, bool json, CancellationToken cancellationToken)
    {
        Arguments.ThrowIfInvalid(request);
        var found = await new SourcePreview(request.Source, request.SourceFormat, library).CheckAsync(request.Target, request.Generation, cancellationToken);
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
