using System.CommandLine;
using Ferry.Cli.Embedded;
using Ferry.Cli.Output;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Library;
using Ferry.Orchestrator.Conversions;

namespace Ferry.Cli.Commands;

/// <summary><c>ferry convert</c>: one machine, from source to finished image, in this process.</summary>
internal static class ConvertCommand
{
    public static Command Create()
    {
        var source = Arguments.Source();
        var to = Arguments.To();
        var output = Arguments.Folder("--output", "-o");
        output.Description = "Folder in which the finished machine appears; or library:NAME.";
        output.Required = true;
        var format = new Option<string?>("--format") { Description = "Image format (default: the target's own)." };
        var inputFormat = Arguments.InputFormat();
        var generation = Arguments.Generation();
        var noFixup = new Option<bool>("--no-fixup") { Description = "Leave the guest as it is." };
        var allBlocks = new Option<bool>("--all-blocks") { Description = "Move all blocks, also those that no file system of the guest uses." };
        var firstBoot = Arguments.FirstBoot();
        var rehearse = RehearseOption.Create();
        var runFirstBoot = new Option<bool>("--run-first-boot") { Description = "Run what waits for the first boot (offered packages, scripts) before the conversion, without network." };
        var name = new Option<string?>("--name") { Description = "Name of the new machine (default: the source's)." };
        var discard = new Option<bool>("--discard") { Description = "Drop an unfinished conversion that an earlier command left in the output folder." };
        var library = Arguments.Library();
        var json = Arguments.Json();
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Show the services' logs on standard error." };
        var command = new Command("convert", "Converts a machine and proves the result.")
        {
            source, to, output, format, inputFormat, generation, noFixup, rehearse, runFirstBoot, allBlocks, firstBoot, name, library, discard, json, verbose,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            new ConversionRequest
            {
                Source = Arguments.FullSource(parsed.GetRequiredValue(source)),
                SourceFormat = parsed.GetValue(inputFormat),
                Target = parsed.GetRequiredValue(to),
                Output = FullOutput(parsed.GetRequiredValue(output)),
                Format = parsed.GetValue(format),
                Generation = parsed.GetValue(generation),
                Fixup = !parsed.GetValue(noFixup),
                AllBlocks = parsed.GetValue(allBlocks),
                FirstBoot = [.. (parsed.GetValue(firstBoot) ?? []).Select(Path.GetFullPath)],
                Rehearse = RehearseOption.Of(parsed, rehearse),
                RunFirstBoot = parsed.GetValue(runFirstBoot),
                Name = parsed.GetValue(name),
            },
            new EmbeddedOptions(parsed.GetValue(library), parsed.GetValue(verbose)), parsed.GetValue(discard), parsed.GetValue(json), cancellationToken));
        return command;
    }

    private static string FullOutput(string output) => LibraryName.IsReference(output) ? output : Path.GetFullPath(output);

    private static async Task<int> RunAsync(ConversionRequest request, EmbeddedOptions options, bool discard, bool json, CancellationToken cancellationToken)
    {
        Arguments.ThrowIfInvalid(request);
        using var work = WorkFolder.Open(options.WorkOf(request.Output));
        try
        {
            if (discard)
            {
                await UnfinishedConversions.DiscardAsync(work, options, cancellationToken);
            }

            var (view, report) = await ConvertAsync(work, request, json, options, cancellationToken);
            return ConversionOutcome.Finish(work, view, report, json);
        }
        catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
        {
            throw InterruptedEarly(work, exception);
        }
    }

    private static async Task<(ConversionView View, ConversionReport? Report)> ConvertAsync(
        WorkFolder work, ConversionRequest request, bool json, EmbeddedOptions options, CancellationToken cancellationToken)
    {
        using var host = EmbeddedHost.Build(work, options);
        var conversions = host.Services.GetRequiredService<ConversionCatalog>();
        await UnfinishedConversions.RefuseOthersAsync(conversions, request);

        // Half a second; an interruption during it is heeded right behind.
        await host.StartAsync(CancellationToken.None);
        try
        {
            var run = new EmbeddedRun(conversions);
            var begun = await run.BeginAsync(request, cancellationToken);
            work.Keep();
            var view = await Displays.RunAsync(json, TimeProvider.System, display => run.FollowAsync(begun.Id, display, cancellationToken));
            return (view, await conversions.ReportAsync(view.Id, CancellationToken.None));
        }
        finally
        {
            await host.StopAsync(CancellationToken.None);
        }
    }

    private static CliException InterruptedEarly(WorkFolder work, Exception exception) => new(
        new Failure
        {
            Code = "CANCELLED",
            Message = "Interrupted before the conversion began",
            Where = work.IsKept ? work.Path : work.Output,
            Remedy = work.IsKept
                ? "What an earlier command left is still there; run the command again to go on, or remove this folder to drop it"
                : "Nothing was left behind; run the command again",
        },
        exception);
}
