using Xunit;

namespace Ferry.Hosting.Documents.Tests;

/// <summary>What every document store does. Each test has a collection of its own.</summary>
public abstract partial class DocumentStoreContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);
    private readonly CollectionDefinition _definition =
        new($"tests.parcels{Guid.NewGuid():N}", ["state", "priority"], ["readyAt"], ["owner"]);

    private IDocumentStore _store = null!;
    private IDocumentCollection<ParcelDocument> _parcels = null!;

    protected static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = await OpenAsync();
        _parcels = _store.Collection<ParcelDocument>(_definition);
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens the store; the second call opens another one on the same data, as another process would.</summary>
    protected abstract ValueTask<IDocumentStore> OpenAsync();

    /// <summary>Ends every store.</summary>
    protected abstract ValueTask CloseAsync();

    private static ParcelDocument Parcel(string id, int priority = 0) => new() { Id = id, Priority = priority, ReadyAt = Noon };

    private async Task FillAsync(params ParcelDocument[] parcels)
    {
        foreach (var parcel in parcels)
        {
            Assert.True(await _parcels.TryInsertAsync(parcel, Token));
        }
    }

    private async Task<string> IdsAsync(DocumentQuery query) => string.Join(' ', (await _parcels.QueryAsync(query, Token)).Select(p => p.Id));
}
