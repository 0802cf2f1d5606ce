using Ferry.Contracts.Jobs;
using Ferry.Contracts.Library;
using MassTransit;

namespace Ferry.Transfer.Library;

/// <summary>Takes what capture and the orchestrator answer.</summary>
public sealed class LibraryConsumer(LibraryAdding adding, LibraryRemoval removal) : IConsumer<SourceFilesListed>, IConsumer<StepFailed>, IConsumer<LibraryUseChecked>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<SourceFilesListed> context) => adding.TakeFilesAsync(context.Message, context.CancellationToken);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<StepFailed> context) => adding.TakeFailureAsync(context.Message, context.CancellationToken);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<LibraryUseChecked> context) => removal.TakeUseAsync(context.Message, context.CancellationToken);
}
