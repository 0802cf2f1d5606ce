namespace Ferry.Orchestrator.Conversions.Steps;

/// <summary>One step of the flow: which commands begin it, and whether it is needed and done. Holds no state.</summary>
public interface IConversionStep
{
    /// <summary>Name, see <see cref="StepNames"/>.</summary>
    string Name { get; }

    /// <summary>The commands whose answers are still outstanding: to begin the step, and to send again after silence.</summary>
    /// <param name="state">The conversion; its last step is this one.</param>
    /// <param name="attempt">Attempt of the step.</param>
    IEnumerable<object> OutstandingCommands(ConversionState state, int attempt);
}
