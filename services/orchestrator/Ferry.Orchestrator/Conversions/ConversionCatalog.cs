using System.Diagnostics;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;

namespace Ferry.Orchestrator.Conversions;

/// <summary>What clients do with conversions: submit, look, pause, resume, cancel, retry. Thread-safe.</summary>
public sealed class ConversionCatalog(IDocumentCollection<ConversionState> documents, OutboxDispatcher outbox, ConversionProgress progress, TimeProvider time)
{
    /// <summary>Begins a conversion. The document and the command that starts it are one write, so an accepted request is never lost.</summary>
    /// <param name="id">Id of the conversion: the same id twice is one conversion.</param>
    /// <param name="request">What is asked for; has passed <see cref="ConversionRequestValidator"/>.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<ConversionView> SubmitAsync(Guid id, ConversionRequest request, CancellationToken cancellationToken)
    {
        using var activity = OrchestratorTelemetry.Source.StartActivity("submit conversion");
        activity?.SetTag("ferry.conversion.id", id);
        var now = time.GetUtcNow();
        var state = new ConversionState
        {
            CorrelationId = id,
            Request = request,
            RequestedAt = now,
            NextSweepAt = now + ConversionSteps.SilenceBeforeNudge,
            TraceParent = Activity.Current?.Id,
            Pending = [PendingMessage.Event(new RequestConversion { ConversionId = id, Request = request, RequestedAt = now }, now)],
        };
        if (await documents.TryInsertAsync(state, cancellationToken))
        {
            await outbox.DispatchAsync(documents, state, cancellationToken);
        }

        return (await GetAsync(id, cancellationToken))!;
    }

    /// <summary>One conversion, or null.</summary>
    public async Task<ConversionView?> GetAsync(Guid id, CancellationToken cancellationToken) =>
        await documents.GetAsync(id.ToString("N"), cancellationToken) is { } state
            ? state.ToView(await progress.OfAsync(state, cancellationToken))
            : null;

    /// <summary>The report as of now, or null.</summary>
    public async Task<ConversionReport?> ReportAsync(Guid id, CancellationToken cancellationToken) =>
        (await documents.GetAsync(id.ToString("N"), cancellationToken))?.ToReport();

    /// <summary>Conversions, the newest first.</summary>
    /// <param name="state">Only those in this state, or null for all.</param>
    /// <param name="skip">How many to pass over.</param>
    /// <param name="limit">How many to return.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    public async Task<ConversionPage> ListAsync(string? state, int skip, int limit, CancellationToken cancellationToken)
    {
        var query = state is null ? DocumentQuery.All : DocumentQuery.Where("shownState", state);
        var found = await documents.QueryAsync(query.OrderByDescending("requestedAt").Skip(skip).Limit(limit), cancellationToken);
        return new ConversionPage
        {
            Total = await documents.CountAsync(query, cancellationToken),
            Conversions = [.. found.Select(x => x.ToView([]))],
        };
    }

    /// <summary>Asks a conversion to stop; false when it is not known. Harmless when it has ended.</summary>
    public Task<bool> CancelAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(id, new CancelConversion { ConversionId = id }, cancellationToken);

    /// <summary>Asks a conversion to rest; false when it is not known. Harmless when it has ended, or is being cleaned up after a failure or a cancellation.</summary>
    public Task<bool> PauseAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(id, new PauseConversion { ConversionId = id }, cancellationToken);

    /// <summary>Lets a paused conversion go on; false when it is not known. Harmless when it is not paused.</summary>
    public Task<bool> ResumeAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(id, new ResumeConversion { ConversionId = id }, cancellationToken);

    /// <summary>Takes a failed conversion up again; false when it is not known. Harmless when it has not failed.</summary>
    public Task<bool> RetryAsync(Guid id, CancellationToken cancellationToken) =>
        SendAsync(id, new RetryConversion { ConversionId = id }, cancellationToken);

    private async Task<bool> SendAsync<T>(Guid id, T command, CancellationToken cancellationToken)
        where T : class
    {
        if (await documents.GetAsync(id.ToString("N"), cancellationToken) is null)
        {
            return false;
        }

        await outbox.SendAsync(PendingMessage.Event(command, time.GetUtcNow()), cancellationToken);
        return true;
    }
}
