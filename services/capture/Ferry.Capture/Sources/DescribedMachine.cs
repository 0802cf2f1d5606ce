using Ferry.Contracts;
using Ferry.Contracts.Machines;

namespace Ferry.Capture.Sources;

/// <summary>What a descriptor says: the machine, and what the operator should know of it.</summary>
/// <param name="Machine">The machine; its disks' capacities are not known yet.</param>
/// <param name="Findings">The findings.</param>
public sealed record DescribedMachine(MachineDescription Machine, IReadOnlyList<Finding> Findings);
