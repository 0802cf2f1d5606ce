using System.CommandLine;
using Ferry.Cli.Embedded;
using Ferry.Cli.Output;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Orchestrator.Conversions;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry convert</c>: one machine, from source to finished image, in this process.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var source = Arguments.Source();
        var to = Arguments.To();
        var output = new Option<string>("--output", "-o") { Description = "Folder in which the finished machine appears.", Required = true };
        var format = new Option<string?>("--format") { Description = "Image format (default: the target's own)." };
        var inputFormat = Arguments.InputFormat();
        var generation = new Option<int?>("--generation") { Description = "Hyper-V generation 1 or 2 (default: follows the firmware)." };
        var noFixup = new Option<bool>("--no-fixup") { Description = "Leave the guest as it is." };
        var name = new Option<string?>("--name") { Description = "Name of the new machine (default: the source's)." };
        var json = Arguments.Json();
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Show the services' logs on standard error." };
        var command = new Command("convert", "Converts a machine and proves the result.")
        {
            source, to, output, format, inputFormat, generation, noFixup, name, json, verbose,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new ConversionRequest
            {
                Source = Arguments.FullSource(parsed.GetRequiredValue(source)),
                SourceFormat = parsed.GetValue(inputFormat),
                Target = parsed.GetRequiredValue(to),
                Output = Path.GetFullPath(parsed.GetRequiredValue(output)),
                Format = parsed.GetValue(format),
                Generation = parsed.GetValue(generation),
                Fixup = !parsed.GetValue(noFixup),
                Name = parsed.GetValue(name),
            },
            parsed.GetValue(json), parsed.GetValue(verbose), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ConversionRequest request, bool json, bool verbose, CancellationToken cancellationToken)
    {
        Arguments.ThrowIfInvalid(ConversionRequestValidator.Validate(request));
        using var work = WorkFolder.Open(request.Output);
        ConversionView view;
        ConversionReport? report;
        using (var host = EmbeddedHost.Build(work, verbose))
        {
            await host.StartAsync(cancellationToken);
            var run = new EmbeddedRun(host.Services.GetRequiredService<ConversionCatalog>());
            view = await Displays.RunAsync(json, TimeProvider.System, display => run.RunAsync(request, display, cancellationToken));
            report = await run.ReportAsync(view.Id);
            await host.StopAsync(CancellationToken.None);
        }

        return ConversionOutcome.Finish(work, view, report, json);
    }
}
