using Ferry.Conversion.Reports;

namespace Ferry.Conversion.Targets;

/// <summary>The targets whose VM definition can be written.</summary>
public sealed class TargetDefinitions(IEnumerable<ITargetDefinition> definitions)
{
    /// <summary>The definition of a target.</summary>
    /// <exception cref="TargetException">There is none.</exception>
    public ITargetDefinition Select(string target)
    {
        var platform = TargetSelector.Select(target);
        return definitions.FirstOrDefault(definition => definition.Target == platform.Name)
            ?? throw TargetException.Of(TargetErrors.NotBuilt, $"The target {platform.Name} has no definition here.", "Use another target.");
    }

    /// <summary>Every name that any target's definition uses, and those of the reports: no file of one of them may be in the output folder before.</summary>
    public IEnumerable<string> ReservedFileNames => definitions.SelectMany(definition => definition.FileNames).Distinct(StringComparer.Ordinal)
        .Concat([WriteReportHandler.JsonName, WriteReportHandler.HtmlName, RehearsalScreen.FileName]);
}
