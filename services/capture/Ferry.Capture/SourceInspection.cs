using Ferry.Contracts;
using Ferry.Contracts.Machines;

namespace Ferry.Capture;

/// <summary>What a source is, found without a conversion.</summary>
/// <param name="Kind">Kind of the source: <c>vmx</c>, <c>ovf</c>, <c>ova</c>, <c>image</c>.</param>
/// <param name="Machine">The machine, with the capacities of its disks.</param>
/// <param name="Disks">The disks as they were found.</param>
/// <param name="Findings">What the operator should know.</param>
public sealed record SourceInspection(string Kind, MachineDescription Machine, IReadOnlyList<InspectedDisk> Disks, IReadOnlyList<Finding> Findings);
