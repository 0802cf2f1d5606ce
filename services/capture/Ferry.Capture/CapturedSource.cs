using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;

namespace Ferry.Capture;

/// <summary>A source that has been captured.</summary>
/// <param name="Machine">The machine, with the capacities of its disks.</param>
/// <param name="Disks">One manifest per disk.</param>
/// <param name="Findings">What the operator should know.</param>
/// <param name="Bytes">Bytes that were read to compare digests, and that are zero.</param>
public sealed record CapturedSource(MachineDescription Machine, IReadOnlyList<DiskCapture> Disks, IReadOnlyList<Finding> Findings, ByteCounts Bytes);
