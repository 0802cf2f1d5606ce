using Ferry.Conversion.Targets;
using Ferry.Orchestrator.Conversions;

namespace Ferry.Cli.Tests.Commands;

/// <summary>The orchestrator, which may not refer to the conversion service, accepts exactly the targets that this one has.</summary>
public sealed class TargetsTests
{
    [Fact]
    public void Targets_AreTheSameInBothServices()
    {
        Assert.Equal(TargetSelector.All.Where(target => target.Built).Select(target => target.Name), ConversionRequestValidator.BuiltTargets);
        Assert.Equal(TargetSelector.All.Where(target => !target.Built).Select(target => target.Name), ConversionRequestValidator.PlannedTargets);
        Assert.All(TargetSelector.All.Where(target => target.Built), target => Assert.Equal(target.Formats, TargetFormats.Of(target.Name)));
        Assert.Equal(TargetSelector.All.SelectMany(target => target.Formats).Distinct().Order(), ConversionRequestValidator.Formats.Order());
    }
}
