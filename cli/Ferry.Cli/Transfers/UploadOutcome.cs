using System.Diagnostics.CodeAnalysis;
using Ferry.Chunks.Uploads;

namespace Ferry.Cli.Transfers;

/// <summary>What <c>ferry transfer upload --json</c> prints: the result of this run, and the job.</summary>
internal sealed record UploadOutcome : DiskUploadResult
{
    /// <summary>The result of a job.</summary>
    [SetsRequiredMembers]
    public UploadOutcome(Guid id, DiskUploadResult result)
        : base(result) => Id = id;

    /// <summary>Id of the transfer job.</summary>
    public Guid Id { get; }
}
