using Ferry.Contracts;
using Ferry.Hosting.Jobs;

namespace Ferry.Transfer;

/// <summary>One transfer as the API shows it.</summary>
public sealed record TransferView
{
    /// <summary>Id of the job.</summary>
    public required string Id { get; init; }

    /// <summary>Index of the disk.</summary>
    public int? Disk { get; init; }

    /// <summary>Attempt of the step.</summary>
    public required int Attempt { get; init; }

    /// <summary>State: <c>Queued</c>, <c>Running</c>, <c>Suspended</c>, <c>Succeeded</c>, <c>Failed</c>, <c>Cancelled</c>.</summary>
    public required string State { get; init; }

    /// <summary>Bytes that have arrived, are zero or were there already.</summary>
    public required long BytesDone { get; init; }

    /// <summary>Bytes to deal with; 0 before the first slice.</summary>
    public required long BytesTotal { get; init; }

    /// <summary>What it waits for, or null.</summary>
    public WaitingFor? WaitingFor { get; init; }

    /// <summary>Why it failed last, or null.</summary>
    public Failure? Failure { get; init; }

    internal static TransferView Of(JobDocument job) => new()
    {
        Id = job.Id,
        Disk = job.Disk,
        Attempt = job.Attempt,
        State = job.State.ToString(),
        BytesDone = job.Progress?.BytesDone ?? 0,
        BytesTotal = job.Progress?.BytesTotal ?? 0,
        WaitingFor = job.Progress?.WaitingFor,
        Failure = job.Failure,
    };
}
