using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>What the runs of the matrix have come to, as the table of docs/reliability.md.</summary>
internal sealed class FaultTable
{
    private readonly ConcurrentDictionary<FaultRow, string> outcomes = new();

    /// <summary>Notes how a run has ended, and prints it.</summary>
    public void Add(FaultRow row, string outcome)
    {
        outcomes[row] = outcome;
        Console.WriteLine($"fault matrix: {Words(row.Fault)}, {row.Step} {row.Point}: {outcome}");
    }

    /// <summary>
    /// Prints the table, if there were runs. Where <c>FERRY_FAULT_TABLE</c> names a file, and every run was made, it is put there between its marks.
    /// <c>FERRY_FAULT_TABLE_COMMIT</c> is the commit that it names.
    /// </summary>
    public void Write()
    {
        if (!outcomes.IsEmpty)
        {
            MarkedTable.Write(Text(), "fault matrix", "FERRY_FAULT_TABLE", FaultMatrix.Rows.All(outcomes.ContainsKey));
        }
    }

    private string Text()
    {
        var steps = Enum.GetValues<FaultStep>();
        var reasons = new List<string>();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{MarkedTable.Heading("FERRY_FAULT_TABLE_COMMIT")}; seconds from the request to the end.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"| fault | {string.Join(" | ", steps.Select(step => step.ToString().ToLowerInvariant()))} |\n|---|{string.Concat(steps.Select(_ => "---|"))}\n");
        foreach (var fault in Enum.GetValues<FaultKind>())
        {
            text.Append(CultureInfo.InvariantCulture, $"| {Words(fault)} | {string.Join(" | ", steps.Select(step => Cell(fault, step, reasons)))} |\n");
        }

        text.Append('\n');
        for (var i = 0; i < reasons.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"({i + 1}) {reasons[i]}.\n");
        }

        return text.ToString();
    }

    private string Cell(FaultKind fault, FaultStep step, List<string> reasons)
    {
        var rows = FaultMatrix.Rows.Where(row => row.Fault == fault && row.Step == step).ToList();
        if (rows.Count > 0)
        {
            return string.Join("<br>", rows.Select(row => (rows.Count > 1 ? $"`{row.Point}` " : "") + outcomes.GetValueOrDefault(row, "not run")));
        }

        var reason = FaultMatrix.WhyNot(fault, step);
        if (!reasons.Contains(reason))
        {
            reasons.Add(reason);
        }

        return string.Create(CultureInfo.InvariantCulture, $"- ({reasons.IndexOf(reason) + 1})");
    }

    private static string Words(FaultKind fault) => fault switch
    {
        FaultKind.WorkerKilled => "worker killed (SIGKILL)",
        FaultKind.OrchestratorKilled => "orchestrator killed (SIGKILL), started again",
        FaultKind.TwoOrchestrators => "two orchestrators at once, one killed",
        FaultKind.Stopped => "only worker stopped (SIGSTOP) for two leases",
        FaultKind.Zombie => "worker stopped until another has done its step",
        FaultKind.BrokerRestarted => "RabbitMQ killed and started again",
        FaultKind.StoreRestarted => "MongoDB (emulator) killed and started again",
        FaultKind.ConnectionsCut => "all connections to RabbitMQ and MongoDB reset",
        FaultKind.DiskFull => "chunk store's disk full, then freed",
        FaultKind.SourceUnavailable => "source answers 503",
        FaultKind.SourceSlow => "source hangs in the middle of answers",
        FaultKind.SourceResets => "source resets connections",
        FaultKind.SourceTruncates => "source sends fewer bytes than asked for",
        FaultKind.SourceCorrupts => "source sends a known chunk wrongly, twice",
        FaultKind.SourceKeepsCorrupting => "source sends a known chunk wrongly, always",
        FaultKind.SourceChanges => "source's file replaced",
        FaultKind.Duplicated => "messages delivered three times",
        FaultKind.Reordered => "messages delivered late, in reverse, and again",
        _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, null),
    };
}
