using Ferry.Contracts;

namespace Ferry.Orchestrator.Conversions;

/// <summary>
/// What a conversion does when the chunk store has lost or damaged chunks of it: it goes back, once cleaned up, to the step that brings them again while their origin is still
/// there. Not without end: a disk that goes on damaging chunks is an operator's case.
/// </summary>
internal static class ConversionRepair
{
    private const int Most = 3;
    private static readonly string[] Codes = ["CHUNK_CORRUPT", "CHUNK_MISSING", "MANIFEST_INVALID"];

    /// <summary>Whether it failed for lost chunks and has not been repaired too often.</summary>
    public static bool IsPossible(ConversionState state) => state.Outcome == "Failed" && IsNeeded(state) && state.Repairs < Most;

    /// <summary>Whether it failed for lost chunks.</summary>
    public static bool IsNeeded(ConversionState state) => state.Failure is { } failure && Codes.Contains(failure.Code);

    /// <summary>Prepares the document; says where to go on.</summary>
    public static string Begin(ConversionState state)
    {
        var failed = state.Steps.Last(step => step.Outcome == "failed").Step;
        state.Repairs++;
        var transferAgain = failed != StepNames.Transfer && state.Disks.Exists(disk => disk.OriginManifest is not null);
        if (transferAgain)
        {
            // What is still there is not moved again: the transfer is told what it brought before.
            state.Disks.ForEach(disk => disk.Transferred = false);
        }

        state.Findings.RemoveAll(finding => finding.Id == "STORE_CHUNKS_LOST");
        state.Findings.Add(new Finding
        {
            Id = "STORE_CHUNKS_LOST",
            Severity = FindingSeverity.Warning,
            Message = $"The chunk store had lost or damaged chunks of this machine: {state.Failure!.Message} They are fetched again.",
            Remedy = "Check the disk below the chunk store: ferry store verify.",
        });
        return transferAgain ? StepNames.Transfer : StepNames.Capture;
    }
}
