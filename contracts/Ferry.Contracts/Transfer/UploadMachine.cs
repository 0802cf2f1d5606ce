using Ferry.Contracts.Machines;

namespace Ferry.Contracts.Transfer;

/// <summary>The machine whose disks an upload brings, so that a conversion can start from the upload.</summary>
public sealed record UploadMachine
{
    /// <summary>The machine as its client found it; its disks are the files of the upload, in the same order.</summary>
    public required MachineDescription Machine { get; init; }

    /// <summary>What the client found that the operator should know; at most 200.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];
}
