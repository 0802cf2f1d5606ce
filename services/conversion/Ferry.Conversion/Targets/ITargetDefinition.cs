using Ferry.Contracts.Conversion;

namespace Ferry.Conversion.Targets;

/// <summary>Writes the VM definition of one target platform. Deterministic, so that publishing can be repeated.</summary>
public interface ITargetDefinition
{
    /// <summary>The target: <c>hyperv</c>, <c>raw</c>.</summary>
    string Target { get; }

    /// <summary>Names of the files that <see cref="Create"/> makes, in the order of publishing: the one that an operator starts comes last.</summary>
    IReadOnlyList<string> FileNames { get; }

    /// <summary>Makes the files.</summary>
    IReadOnlyList<DefinitionFile> Create(PublishMachine command);
}
