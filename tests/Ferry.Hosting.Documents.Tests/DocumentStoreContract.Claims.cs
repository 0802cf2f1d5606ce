using System.Collections.Concurrent;
using Xunit;

namespace Ferry.Hosting.Documents.Tests;

public abstract partial class DocumentStoreContract
{
    private static readonly DocumentQuery Claimable = DocumentQuery.Where("state", ParcelState.Queued).OrderBy("priority").OrderBy("readyAt");

    [Fact]
    public async Task UpdateFirstAsync_SeveralMatch_TheFirstInOrderIsChangedAndReturned()
    {
        await FillAsync(
            new ParcelDocument { Id = "late", Priority = 1, ReadyAt = Noon.AddSeconds(1) },
            new ParcelDocument { Id = "low", Priority = 2, ReadyAt = Noon },
            new ParcelDocument { Id = "first", Priority = 1, ReadyAt = Noon },
            new ParcelDocument { Id = "done", State = ParcelState.Done });

        var order = new List<string>();
        while (await _parcels.UpdateFirstAsync(Claimable, DocumentUpdate.Set("state", ParcelState.Running), Token) is { } claimed)
        {
            Assert.Equal((ParcelState.Running, 2L), (claimed.State, claimed.Version));
            order.Add(claimed.Id);
        }

        Assert.Equal(["first", "late", "low"], order);
        Assert.Equal(1, (await _parcels.GetAsync("done", Token))!.Version);
    }

    [Fact]
    public async Task UpdateFirstAsync_EveryKindOfValue_ReturnedAndStored()
    {
        await FillAsync(new ParcelDocument { Id = "a", Owner = "before", Name = "stays", SentAt = Noon });
        var customer = Guid.NewGuid();
        var update = DocumentUpdate.Set("owner", null).AndSet("state", ParcelState.Done).AndSet("fragile", true).AndSet("rate", 1.5)
            .AndSet("weight", BeyondDouble).AndSet("customer", customer).AndSet("readyAt", Noon.AddHours(1)).AndSet("sentAt", null)
            .AndSet("labels", new[] { "x", "'y" }).AndSet("address", new ParcelAddress("Kai", 4, [])).AndSet("seal", new byte[] { 9, 8 })
            .AndIncrement("epoch", 3).AndIncrement("priority", -1);

        var returned = (await _parcels.UpdateFirstAsync(DocumentQuery.Where("id", "a"), update, Token))!;

        var expected = new ParcelDocument
        {
            Id = "a",
            Version = 2,
            Name = "stays",
            State = ParcelState.Done,
            Fragile = true,
            Rate = 1.5,
            Weight = BeyondDouble,
            Customer = customer,
            ReadyAt = Noon.AddHours(1),
            Labels = ["x", "'y"],
            Address = new ParcelAddress("Kai", 4, []),
            Seal = [9, 8],
            Epoch = 3,
            Priority = -1,
        };
        Assert.Equivalent(expected, returned, strict: true);
        Assert.Equivalent(expected, await _parcels.GetAsync("a", Token), strict: true);
        Assert.Equal("a", await IdsAsync(DocumentQuery.Where("fragile", true).And("weight", BeyondDouble).And("owner", null)));
    }

    [Fact]
    public async Task UpdateFirstAsync_NoMatch_Null()
    {
        await FillAsync(Parcel("a"));

        Assert.Null(await _parcels.UpdateFirstAsync(DocumentQuery.Where("id", "b"), DocumentUpdate.Set("owner", "me"), Token));
    }

    [Fact]
    public async Task UpdateFirstAsync_OldEpoch_FencedOff()
    {
        await FillAsync(Parcel("a"));
        var first = (await _parcels.UpdateFirstAsync(Claimable, DocumentUpdate.Set("owner", "one").AndIncrement("epoch", 1), Token))!;
        var second = (await _parcels.UpdateFirstAsync(Claimable, DocumentUpdate.Set("owner", "two").AndIncrement("epoch", 1), Token))!;

        var late = DocumentQuery.Where("id", "a").And("epoch", first.Epoch);

        Assert.Equal(2, second.Epoch);
        Assert.Null(await _parcels.UpdateFirstAsync(late, DocumentUpdate.Set("owner", "one"), Token));
        Assert.Equal("two", (await _parcels.GetAsync("a", Token))!.Owner);
    }

    [Fact]
    public async Task UpdateFirstAsync_MissingField_CountsFromZero()
    {
        await FillAsync(Parcel("a"));

        await _parcels.UpdateFirstAsync(DocumentQuery.All, new DocumentUpdate().AndIncrement("newCounter", 5), Token);

        Assert.Equal("a", await IdsAsync(DocumentQuery.Where("newCounter", 5)));
    }

    [Fact]
    public async Task UpdateFirstAsync_SixteenCountersOfOneField_NoCountLost()
    {
        await FillAsync(Parcel("a"));
        var update = new DocumentUpdate().AndIncrement("epoch", 1);

        await Parallel.ForAsync(0, 160, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (_, token) =>
            Assert.NotNull(await _parcels.UpdateFirstAsync(DocumentQuery.Where("id", "a"), update, token)));

        var parcel = (await _parcels.GetAsync("a", Token))!;
        Assert.Equal((160L, 161L), (parcel.Epoch, parcel.Version));
    }

    [Fact]
    public async Task UpdateFirstAsync_SixteenClaimersInTwoStores_EachDocumentClaimedOnce()
    {
        await FillAsync([.. Enumerable.Range(0, 200).Select(i => Parcel($"p{i:d3}", i % 3))]);
        var other = (await OpenAsync()).Collection<ParcelDocument>(_definition);
        var claims = new ConcurrentBag<string>();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(claimer => Task.Run(() => ClaimAsync(claimer), Token)));

        Assert.Equal(200, claims.Count);
        Assert.Equal(200, claims.Distinct().Count());
        Assert.Equal(200, await _parcels.CountAsync(DocumentQuery.Where("epoch", 1).And("version", 2), Token));

        async Task ClaimAsync(int claimer)
        {
            var update = DocumentUpdate.Set("state", ParcelState.Running).AndSet("owner", $"claimer {claimer}").AndIncrement("epoch", 1);
            var parcels = claimer % 2 == 0 ? _parcels : other;
            while (await parcels.UpdateFirstAsync(Claimable, update, Token) is { } parcel)
            {
                Assert.Equal($"claimer {claimer}", parcel.Owner);
                claims.Add(parcel.Id);
            }
        }
    }

    [Fact]
    public async Task UpdateFirstAsync_OwnFieldsOrTwiceOrNothing_Refused()
    {
        await FillAsync(Parcel("a"));
        DocumentUpdate[] updates =
        [
            new(), DocumentUpdate.Set("id", "b"), DocumentUpdate.Set("version", 9), new DocumentUpdate().AndIncrement("version", 1),
            DocumentUpdate.Set("owner", "x").AndSet("owner", "y"), DocumentUpdate.Set("epoch", 1).AndIncrement("epoch", 1),
        ];

        foreach (var update in updates)
        {
            await Assert.ThrowsAsync<ArgumentException>(() => _parcels.UpdateFirstAsync(DocumentQuery.All, update, Token).AsTask());
        }

        await Assert.ThrowsAsync<ArgumentException>(
            () => _parcels.UpdateFirstAsync(DocumentQuery.All.Skip(1), DocumentUpdate.Set("owner", "me"), Token).AsTask());
    }
}
