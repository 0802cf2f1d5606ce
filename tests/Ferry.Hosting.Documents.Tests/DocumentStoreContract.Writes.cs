using Xunit;

namespace Ferry.Hosting.Documents.Tests;

public abstract partial class DocumentStoreContract
{
    [Fact]
    public async Task GetAsync_NothingThere_Null() => Assert.Null(await _parcels.GetAsync("none", Token));

    [Fact]
    public async Task TryInsertAsync_NewId_StoredWithVersionOne()
    {
        var parcel = Parcel("a");
        Assert.True(await _parcels.TryInsertAsync(parcel, Token));

        Assert.Equal(1, parcel.Version);
        Assert.Equal(1, (await _parcels.GetAsync("a", Token))!.Version);
    }

    [Fact]
    public async Task TryInsertAsync_TakenId_FalseAndNothingChanged()
    {
        await FillAsync(Parcel("a", priority: 1));
        var second = Parcel("a", priority: 2);

        Assert.False(await _parcels.TryInsertAsync(second, Token));

        Assert.Equal(0, second.Version);
        Assert.Equal(1, (await _parcels.GetAsync("a", Token))!.Priority);
    }

    [Fact]
    public async Task TryInsertAsync_SixteenAtOnceWithOneId_OneWins()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(() => _parcels.TryInsertAsync(Parcel("a", i), Token).AsTask(), Token)));

        Assert.Single(results, true);
    }

    [Fact]
    public async Task TryReplaceAsync_SameVersion_ReplacedAndCountedUp()
    {
        await FillAsync(Parcel("a"));
        var parcel = (await _parcels.GetAsync("a", Token))!;
        parcel.Owner = "me";

        Assert.True(await _parcels.TryReplaceAsync(parcel, Token));

        Assert.Equal(2, parcel.Version);
        var stored = (await _parcels.GetAsync("a", Token))!;
        Assert.Equal(("me", 2L), (stored.Owner, stored.Version));
    }

    [Fact]
    public async Task TryReplaceAsync_OtherVersion_FalseAndNothingChanged()
    {
        await FillAsync(Parcel("a"));
        var mine = (await _parcels.GetAsync("a", Token))!;
        var theirs = (await _parcels.GetAsync("a", Token))!;
        theirs.Owner = "they";
        Assert.True(await _parcels.TryReplaceAsync(theirs, Token));
        mine.Owner = "me";

        Assert.False(await _parcels.TryReplaceAsync(mine, Token));

        Assert.Equal(1, mine.Version);
        Assert.Equal("they", (await _parcels.GetAsync("a", Token))!.Owner);
    }

    [Fact]
    public async Task TryReplaceAsync_Gone_False()
    {
        var parcel = Parcel("a");
        await FillAsync(parcel);
        Assert.True(await _parcels.DeleteAsync("a", Token));

        Assert.False(await _parcels.TryReplaceAsync(parcel, Token));
        Assert.Null(await _parcels.GetAsync("a", Token));
    }

    [Fact]
    public async Task TryReplaceAsync_TwoStoresCountOneDocument_NoCountLost()
    {
        await FillAsync(Parcel("a"));
        var other = (await OpenAsync()).Collection<ParcelDocument>(_definition);

        await Task.WhenAll(CountAsync(_parcels), CountAsync(other));

        Assert.Equal(40, (await _parcels.GetAsync("a", Token))!.Epoch);

        async Task CountAsync(IDocumentCollection<ParcelDocument> parcels)
        {
            for (var done = 0; done < 20;)
            {
                var parcel = (await parcels.GetAsync("a", Token))!;
                parcel.Epoch++;
                done += await parcels.TryReplaceAsync(parcel, Token) ? 1 : 0;
            }
        }
    }

    [Fact]
    public async Task DeleteAsync_ThereAndGone_TrueThenFalse()
    {
        await FillAsync(Parcel("a"));

        Assert.True(await _parcels.DeleteAsync("a", Token));
        Assert.False(await _parcels.DeleteAsync("a", Token));
        Assert.Null(await _parcels.GetAsync("a", Token));
    }

    [Fact]
    public async Task DeleteManyAsync_SomeMatch_OnlyThoseGo()
    {
        await FillAsync(Parcel("a", 1), Parcel("b", 2), Parcel("c", 1));

        Assert.Equal(2, await _parcels.DeleteManyAsync(DocumentQuery.Where("priority", 1), Token));
        Assert.Equal("b", await IdsAsync(DocumentQuery.All));
        Assert.Equal(0, await _parcels.DeleteManyAsync(DocumentQuery.Where("priority", 1), Token));
    }

    [Fact]
    public async Task DeleteManyAsync_WithLimit_Refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _parcels.DeleteManyAsync(DocumentQuery.All.Limit(1), Token).AsTask());
}
