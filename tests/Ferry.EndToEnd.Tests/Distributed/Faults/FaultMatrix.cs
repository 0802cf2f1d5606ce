namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>Every run of the matrix, and why some cells have none.</summary>
public static class FaultMatrix
{
    /// <summary>Chunks of the disk that is converted: one slice each.</summary>
    public const int DiskChunks = 16;

    private static readonly FaultStep[] Steps = Enum.GetValues<FaultStep>();

    /// <summary>The runs in the order of the table.</summary>
    public static IReadOnlyList<FaultRow> Rows { get; } =
    [
        new(FaultKind.WorkerKilled, FaultStep.Capture, "job.claimed") { TakenOver = "capture" },
        new(FaultKind.WorkerKilled, FaultStep.Capture, "capture.captured") { TakenOver = "capture" },
        new(FaultKind.WorkerKilled, FaultStep.Capture, "job.ended.beforeSend"),
        new(FaultKind.WorkerKilled, FaultStep.Transfer, "transfer.slice.stored:8") { TakenOver = "transfer", Resends = true, Quick = true },
        new(FaultKind.WorkerKilled, FaultStep.Transfer, "transfer.slice.proven:8") { TakenOver = "transfer" },
        new(FaultKind.WorkerKilled, FaultStep.Transfer, "job.ended.beforeSend"),
        new(FaultKind.WorkerKilled, FaultStep.Fixup, "fixup.launched") { TakenOver = "fixup" },
        new(FaultKind.WorkerKilled, FaultStep.Fixup, "fixup.applying") { TakenOver = "fixup" },
        new(FaultKind.WorkerKilled, FaultStep.Fixup, "fixup.applied") { TakenOver = "fixup" },
        new(FaultKind.WorkerKilled, FaultStep.Fixup, "fixup.committed") { TakenOver = "fixup" },
        new(FaultKind.WorkerKilled, FaultStep.Conversion, "convert.slice.written:3") { TakenOver = "convert" },
        new(FaultKind.WorkerKilled, FaultStep.Conversion, "convert.slice.proven:3") { TakenOver = "convert" },
        new(FaultKind.WorkerKilled, FaultStep.Conversion, "convert.verify") { TakenOver = "convert" },
        new(FaultKind.WorkerKilled, FaultStep.Conversion, "publish.beforeRename") { TakenOver = "publish" },
        new(FaultKind.WorkerKilled, FaultStep.Conversion, "publish.afterRename") { TakenOver = "publish" },
        new(FaultKind.WorkerKilled, FaultStep.Cleanup, "cleanup.beforeAsking"),
        new(FaultKind.WorkerKilled, FaultStep.Cleanup, "cleanup.ended.beforeSend"),
        .. AtEveryStep(FaultKind.OrchestratorKilled, quick: FaultStep.Conversion),
        .. AtEveryStep(FaultKind.TwoOrchestrators, quick: FaultStep.Capture),
        .. AtEveryStep(FaultKind.Stopped, quick: FaultStep.Conversion).Select(TakesOver),
        .. AtEveryStep(FaultKind.Zombie, quick: null).Where(row => row.Step is not FaultStep.Cleanup).Select(TakesOver),
        .. AtEveryStep(FaultKind.BrokerRestarted, quick: FaultStep.Transfer),
        .. AtEveryStep(FaultKind.StoreRestarted, quick: FaultStep.Transfer),
        .. AtEveryStep(FaultKind.ConnectionsCut, quick: FaultStep.Transfer),
        .. AtEveryStep(FaultKind.DiskFull, quick: FaultStep.Transfer),
        .. OfTheSource(FaultKind.SourceUnavailable),
        .. OfTheSource(FaultKind.SourceSlow),
        .. OfTheSource(FaultKind.SourceResets),
        .. OfTheSource(FaultKind.SourceTruncates),
        new(FaultKind.SourceCorrupts, FaultStep.Transfer, "convert.slice.proven") { Service = "conversion" },
        new(FaultKind.SourceKeepsCorrupting, FaultStep.Transfer, "convert.slice.proven") { Service = "conversion", Failure = "SOURCE_BAD_DATA" },
        new(FaultKind.SourceChanges, FaultStep.Capture, PointOf(FaultStep.Capture)) { Failure = "IMAGE_SOURCE_CHANGED" },
        new(FaultKind.SourceChanges, FaultStep.Transfer, PointOf(FaultStep.Transfer)) { Failure = "IMAGE_SOURCE_CHANGED", Quick = true },
        .. AtEveryStep(FaultKind.Duplicated, quick: FaultStep.Transfer),
        .. AtEveryStep(FaultKind.Reordered, quick: FaultStep.Conversion),
    ];

    /// <summary>Why a cell has no run.</summary>
    public static string WhyNot(FaultKind fault, FaultStep step) => (fault, step) switch
    {
        (FaultKind.Zombie, FaultStep.Cleanup) => "cleaning up holds no lease: its document is replaced if it is unchanged, and what it asks for may be asked twice",
        (FaultKind.SourceCorrupts or FaultKind.SourceKeepsCorrupting, FaultStep.Capture) => "capture reads descriptors and headers, of which no hash is known",
        _ => "the source is not read any more",
    };

    /// <summary>A place in the middle of a step.</summary>
    public static string PointOf(FaultStep step) => step switch
    {
        FaultStep.Capture => "capture.captured",
        FaultStep.Transfer => "transfer.slice.proven:4",
        FaultStep.Fixup => "job.claimed",
        FaultStep.Conversion => "convert.slice.proven:3",
        _ => "cleanup.beforeAsking",
    };

    private static IEnumerable<FaultRow> AtEveryStep(FaultKind fault, FaultStep? quick) =>
        Steps.Select(step => new FaultRow(fault, step, PointOf(step)) { Quick = step == quick });

    private static IEnumerable<FaultRow> OfTheSource(FaultKind fault) =>
    [
        new(fault, FaultStep.Capture, ""),
        new(fault, FaultStep.Transfer, PointOf(FaultStep.Transfer)) { Quick = fault is FaultKind.SourceResets },
    ];

    // In the fix-up the worker is stopped while the guest's appliance runs, which is the harder case: the next worker must not meet the appliance of the first.
    private static FaultRow TakesOver(FaultRow row) => row with
    {
        Point = row.Step is FaultStep.Fixup ? "fixup.launched" : row.Point,
        TakenOver = row.Step switch { FaultStep.Conversion => "convert", FaultStep.Cleanup => null, _ => row.Step.ToString().ToLowerInvariant() },
    };
}
