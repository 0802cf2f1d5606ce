namespace Ferry.Conversion.Targets;

/// <summary>The one place that selects a target.</summary>
public sealed class TargetDefinitions(IEnumerable<ITargetDefinition> definitions)
{
    /// <summary>The definition of a target.</summary>
    /// <exception cref="Hosting.Jobs.JobFailedException">There is none.</exception>
    public ITargetDefinition Select(string target) => definitions.FirstOrDefault(definition => definition.Target == target)
        ?? throw ConversionFailures.Create(
            ConversionErrors.TargetUnsupported, $"The target '{target}' cannot be made.", target,
            $"Choose one of: {string.Join(", ", definitions.Select(definition => definition.Target))}.");

    /// <summary>Every name that any target's definition uses.</summary>
    public IEnumerable<string> AllFileNames => definitions.SelectMany(definition => definition.FileNames).Distinct(StringComparer.Ordinal);
}
