using Ferry.Contracts;
using Ferry.Contracts.Conversion;
using Ferry.Contracts.Machines;

namespace Ferry.Conversion.Targets;

/// <summary>Writes the VM definition of one target platform. Deterministic, so that publishing can be repeated.</summary>
public interface ITargetDefinition
{
    /// <summary>The target: <c>hyperv</c>, <c>kvm</c>, <c>azure</c>, <c>raw</c>.</summary>
    string Target { get; }

    /// <summary>Names of the files that <see cref="Create"/> makes, in the order of publishing: the one that an operator starts comes last.</summary>
    IReadOnlyList<string> FileNames { get; }

    /// <summary>
    /// What the operator should know before any bytes are moved. An error says that the platform cannot take the machine; then <see cref="Create"/> would
    /// refuse it.
    /// </summary>
    /// <param name="machine">The machine.</param>
    /// <param name="generation">Hyper-V generation that was asked for, or null.</param>
    IReadOnlyList<Finding> Preflight(MachineDescription machine, int? generation);

    /// <summary>Makes the files.</summary>
    /// <param name="command">The machine, its guest and its finished images.</param>
    /// <param name="folder">Full path of the folder in which images and definition will be.</param>
    /// <exception cref="TargetException">The platform cannot take the machine.</exception>
    IReadOnlyList<DefinitionFile> Create(PublishMachine command, string folder);
}
