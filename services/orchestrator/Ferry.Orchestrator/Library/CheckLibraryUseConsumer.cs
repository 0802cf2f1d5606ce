using Ferry.Contracts.Library;
using MassTransit;

namespace Ferry.Orchestrator.Library;

/// <summary>Answers who reads a machine of the library.</summary>
public sealed class CheckLibraryUseConsumer(LibraryUse use) : IConsumer<CheckLibraryUse>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<CheckLibraryUse> context) => use.AnswerAsync(context.Message, context.CancellationToken);
}
