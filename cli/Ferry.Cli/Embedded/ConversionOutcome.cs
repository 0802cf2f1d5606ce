using System.Text.Json;
using Ferry.Cli.Output;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;

namespace Ferry.Cli.Embedded;

/// <summary>The end of <c>ferry convert</c>: what is said, what stays on disk, which exit code.</summary>
internal static class ConversionOutcome
{
    public static int Finish(WorkFolder work, ConversionView view, ConversionReport? report, bool json)
    {
        if (json && report is not null)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, JsonOutput.Options));
        }

        if (!view.Ended)
        {
            Errors.Print(new Failure
            {
                Code = "CANCELLED", Message = $"Interrupted in state {view.State}", Where = work.Path,
                Remedy = "Run the same command again to go on, or remove this folder to drop what was done",
            });
            return ExitCode.Cancelled;
        }

        if (view.State == "Completed")
        {
            work.Remove();
            if (!json)
            {
                PrintResult(view.Request.Output, report!);
            }

            return ExitCode.Done;
        }

        // What was moved over the network is worth keeping: the same command goes on with it. Everything else is made again in no time.
        var keep = view.Steps.Any(step => step is { Step: "transfer", Bytes.Written: > 0 });
        if (!keep)
        {
            work.Remove();
        }

        foreach (var finding in view.Findings.Where(finding => finding.Severity == FindingSeverity.Error))
        {
            Console.Error.WriteLine($"finding[{finding.Id}]: {finding.Message} {finding.Remedy}".TrimEnd());
        }

        if (view is { Rehearsal: { } rehearsal, State: "Failed" })
        {
            RehearsalLine.Last(rehearsal).ToList().ForEach(Console.Error.WriteLine);
        }

        Errors.Print(FailureOf(view));
        Console.Error.WriteLine(keep
            ? $"kept: {work.Path}: the same command goes on with what was transferred; remove the folder to begin anew"
            : "nothing was left behind in the output folder");
        foreach (var residue in view.Residue)
        {
            Console.Error.WriteLine($"residue: {residue}");
        }

        return CodeOf(view);
    }

    /// <summary>Why a conversion that has ended is not complete.</summary>
    public static Failure FailureOf(ConversionView view) => view.Failure ?? new Failure
    {
        Code = "CANCELLED", Message = "The conversion was cancelled", Remedy = "Convert again when it is wanted after all",
    };

    /// <summary>The exit code of a conversion that has ended.</summary>
    public static int CodeOf(ConversionView view) => view.State switch
    {
        "Completed" => ExitCode.Done,
        "Cancelled" => ExitCode.Cancelled,
        _ => ExitCode.Of(FailureOf(view).Code, atSource: view.Steps.LastOrDefault(step => step.Outcome == "failed")?.Step == "capture"),
    };

    private static void PrintResult(string output, ConversionReport report)
    {
        Console.WriteLine($"done in {Units.Duration(report.EndedAt - report.StartedAt)}: {output}");
        foreach (var disk in report.Disks)
        {
            Console.WriteLine($"  {disk.Image}: {Units.Bytes(disk.ImageBytes)} for a disk of {Units.Bytes(disk.Capacity)}, {disk.VerifiedChunks} chunks read back and proven, digest {disk.ImageDigest}");
        }

        if (report.Rehearsal is { } rehearsal)
        {
            Console.WriteLine($"  {RehearsalLine.Of(rehearsal)}");
        }

        foreach (var change in report.Guest?.Changes ?? [])
        {
            Console.WriteLine($"  {change.Rule}: {change.Path}: {change.Summary}");
        }

        foreach (var finding in report.Findings)
        {
            Console.WriteLine($"  {finding.Severity.ToString().ToLowerInvariant()}[{finding.Id}]: {finding.Message}");
        }

        Console.WriteLine("  report: report.html, report.json");
    }
}
