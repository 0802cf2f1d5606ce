using Ferry.Hosting.Documents;
using Ferry.Hosting.Outbox;

namespace Ferry.Cleanup.Tests;

/// <summary>A real collection; what is dispatched is kept, unless the "process dies" before it is sent.</summary>
internal sealed class FakeOutbox(IDocumentCollection<CleanUpRequest> documents) : IOutbox<CleanUpRequest>
{
    public IDocumentCollection<CleanUpRequest> Documents { get; } = documents;

    public List<PendingMessage> Sent { get; } = [];

    private readonly Lock gate = new();

    public bool DiesBeforeSending { get; set; }

    public async Task DispatchAsync(CleanUpRequest document, CancellationToken cancellationToken)
    {
        if (DiesBeforeSending)
        {
            return;
        }

        lock (gate)
        {
            Sent.AddRange(document.Pending);
        }

        document.Pending.Clear();
        _ = await Documents.TryReplaceAsync(document, cancellationToken);
    }
}
