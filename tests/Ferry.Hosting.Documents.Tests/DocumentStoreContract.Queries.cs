using Xunit;

namespace Ferry.Hosting.Documents.Tests;

public abstract partial class DocumentStoreContract
{
    [Fact]
    public async Task QueryAsync_In_AnyOfThem()
    {
        await FillAsync(
            new ParcelDocument { Id = "a", State = ParcelState.Queued, Owner = "x" },
            new ParcelDocument { Id = "b", State = ParcelState.Running },
            new ParcelDocument { Id = "c", State = ParcelState.Done, Owner = "y", Fragile = true, Priority = 7 });

        Assert.Equal("a c", await IdsAsync(DocumentQuery.Where("state", Comparison.In, new[] { ParcelState.Queued, ParcelState.Done })));
        Assert.Equal("b c", await IdsAsync(DocumentQuery.Where("owner", Comparison.In, new[] { null, "y" })));
        Assert.Equal("c", await IdsAsync(DocumentQuery.Where("priority", Comparison.In, new[] { 6, 7 })));
        Assert.Equal("c", await IdsAsync(DocumentQuery.Where("fragile", Comparison.In, new[] { true })));
        Assert.Equal("a c", await IdsAsync(DocumentQuery.Where("id", Comparison.In, new List<string> { "c", "a", "z" })));
        Assert.Equal(string.Empty, await IdsAsync(DocumentQuery.Where("state", Comparison.In, Array.Empty<ParcelState>())));
    }

    [Fact]
    public async Task QueryAsync_Null_EqualsNullAndMissing()
    {
        await FillAsync(new ParcelDocument { Id = "a" }, new ParcelDocument { Id = "b", Owner = "x" }, new ParcelDocument { Id = "c", Owner = string.Empty });

        Assert.Equal("a", await IdsAsync(DocumentQuery.Where("owner", null)));
        Assert.Equal("b c", await IdsAsync(DocumentQuery.Where("owner", Comparison.NotEqual, null)));
        Assert.Equal("a c", await IdsAsync(DocumentQuery.Where("owner", Comparison.NotEqual, "x")));
        Assert.Equal("a b c", await IdsAsync(DocumentQuery.Where("fieldThatIsNot", null)));
        Assert.Equal("a b c", await IdsAsync(DocumentQuery.Where("fieldThatIsNot", Comparison.NotEqual, 1)));
        Assert.Equal(string.Empty, await IdsAsync(DocumentQuery.Where("fieldThatIsNot", Comparison.Less, 1)));
        Assert.Equal("b c", await IdsAsync(DocumentQuery.Where("owner", Comparison.GreaterOrEqual, string.Empty)));
    }

    [Fact]
    public async Task QueryAsync_Range_BothEndsAsAsked()
    {
        await FillAsync([.. Enumerable.Range(0, 10).Select(i => Parcel($"p{i}", i))]);

        Assert.Equal("p3 p4 p5", await IdsAsync(DocumentQuery.Where("priority", Comparison.GreaterOrEqual, 3).And("priority", Comparison.LessOrEqual, 5)));
        Assert.Equal("p4", await IdsAsync(DocumentQuery.Where("priority", Comparison.Greater, 3).And("priority", Comparison.Less, 5)));
        Assert.Equal("p4", await IdsAsync(DocumentQuery.Where("priority", Comparison.Greater, 3).And("priority", Comparison.NotEqual, 5).And("priority", Comparison.Less, 6)));
    }

    [Fact]
    public async Task QueryAsync_OrderSkipLimit_TheIdDecidesBetweenEquals()
    {
        await FillAsync(Parcel("d", 1), Parcel("b", 2), Parcel("a", 2), Parcel("c", 1), Parcel("e", 3));

        Assert.Equal("c d a b e", await IdsAsync(DocumentQuery.All.OrderBy("priority")));
        Assert.Equal("e a b c d", await IdsAsync(DocumentQuery.All.OrderByDescending("priority")));
        Assert.Equal("e b a d c", await IdsAsync(DocumentQuery.All.OrderByDescending("priority").OrderByDescending("id")));
        Assert.Equal("d a", await IdsAsync(DocumentQuery.All.OrderBy("priority").Skip(1).Limit(2)));
        Assert.Equal("c d e", await IdsAsync(DocumentQuery.All.Skip(2)));
        Assert.Equal(string.Empty, await IdsAsync(DocumentQuery.All.Skip(9).Limit(2)));
    }

    [Fact]
    public async Task QueryAsync_MoreThanOneBatch_All()
    {
        await FillAsync([.. Enumerable.Range(0, 250).Select(i => Parcel($"p{i:d3}", i))]);

        var parcels = await _parcels.QueryAsync(DocumentQuery.All.OrderByDescending("priority"), Token);

        Assert.Equal(Enumerable.Range(0, 250).Reverse(), parcels.Select(p => p.Priority));
    }

    [Fact]
    public async Task CountAsync_Condition_CountsMatchesWhateverTheWindow()
    {
        await FillAsync(Parcel("a", 1), Parcel("b", 2), Parcel("c", 2));

        Assert.Equal(3, await _parcels.CountAsync(DocumentQuery.All, Token));
        Assert.Equal(2, await _parcels.CountAsync(DocumentQuery.Where("priority", 2).OrderBy("id").Skip(1).Limit(1), Token));
        Assert.Equal(0, await _parcels.CountAsync(DocumentQuery.Where("priority", 9), Token));
    }

    [Fact]
    public async Task GetTimeAsync_Always_UtcAndNearThisMachinesClock()
    {
        var before = TimeProvider.System.GetUtcNow();
        var time = await _store.GetTimeAsync(Token);

        Assert.Equal(TimeSpan.Zero, time.Offset);
        Assert.InRange(time, before.AddMinutes(-1), before.AddMinutes(1));
    }

    [Fact]
    public async Task AnyCall_Cancelled_ThrowsAndNothingChanged()
    {
        await FillAsync(Parcel("a"));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        var token = cancelled.Token;

        await CancelledAsync(() => _parcels.GetAsync("a", token));
        await CancelledAsync(() => _parcels.QueryAsync(DocumentQuery.All, token));
        await CancelledAsync(() => _parcels.TryInsertAsync(Parcel("b"), token));
        await CancelledAsync(() => _parcels.DeleteAsync("a", token));
        await CancelledAsync(() => _parcels.DeleteManyAsync(DocumentQuery.All, token));
        await CancelledAsync(() => _parcels.UpdateFirstAsync(DocumentQuery.All, DocumentUpdate.Set("owner", "me"), token));
        await CancelledAsync(() => _store.GetTimeAsync(token));

        Assert.Equal("a", await IdsAsync(DocumentQuery.All));
        Assert.Null((await _parcels.GetAsync("a", Token))!.Owner);

        static async Task CancelledAsync<TResult>(Func<ValueTask<TResult>> call) =>
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call().AsTask());
    }

    [Fact]
    public async Task Collection_AnotherStoreOnTheSameData_SeesIt()
    {
        await FillAsync(Parcel("a", 5));
        await _parcels.UpdateFirstAsync(DocumentQuery.Where("id", "a"), DocumentUpdate.Set("owner", "me"), Token);

        var other = (await OpenAsync()).Collection<ParcelDocument>(_definition);

        var parcel = (await other.GetAsync("a", Token))!;
        Assert.Equal((5, "me", 2L), (parcel.Priority, parcel.Owner, parcel.Version));
    }
}
