using Ferry.Contracts.Library;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Library;
using Ferry.Hosting.Outbox;
using Ferry.Orchestrator.Conversions;

namespace Ferry.Orchestrator.Library;

/// <summary>Knows which conversions read a machine of the library. Thread-safe.</summary>
public sealed class LibraryUse(IDocumentCollection<ConversionState> conversions, OutboxDispatcher outbox, TimeProvider time)
{
    /// <summary>Answers the question. Who asked asks again when nothing comes.</summary>
    public async Task AnswerAsync(CheckLibraryUse question, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(question);
        var running = await conversions.QueryAsync(DocumentQuery.Where("nextSweepAt", Comparison.Less, DateTimeOffset.MaxValue), cancellationToken);
        var answer = new LibraryUseChecked
        {
            RequestId = question.RequestId,
            Conversions = [.. running.Where(state => state.EndedAt is null && Reads(state.Request.Source, question)).Select(state => state.CorrelationId)],
        };
        await outbox.SendAsync(PendingMessage.Event(answer, time.GetUtcNow()), cancellationToken);
    }

    private static bool Reads(string source, CheckLibraryUse question) => LibraryName.IsReference(source)
        ? string.Equals(LibraryName.Of(source), question.Name, StringComparison.OrdinalIgnoreCase)
        : Path.IsPathFullyQualified(source) && Path.GetFullPath(source).StartsWith(question.Folder + Path.DirectorySeparatorChar, StringComparison.OrdinalIgnoreCase);
}
