using Xunit;

namespace Ferry.Hosting.Documents.Tests;

public abstract partial class DocumentStoreContract
{
    private const long BeyondDouble = (1L << 53) + 1;

    [Fact]
    public async Task GetAsync_EveryKindOfValue_ComesBackAsItWas()
    {
        var parcel = new ParcelDocument
        {
            Id = "Ünï/c0de 貨物 🚢 'quoted\" $x.y",
            Name = "line\nbreak \t \\ 🚢 \u2028",
            State = ParcelState.Running,
            Priority = int.MinValue,
            Weight = BeyondDouble,
            Rate = 0.1,
            Fragile = true,
            Customer = Guid.NewGuid(),
            ReadyAt = new DateTimeOffset(2026, 3, 14, 13, 0, 0, TimeSpan.FromHours(1)).AddTicks(1234567),
            SentAt = null,
            Seal = [0, 1, 0xfe, 0xff],
            Labels = ["", "ä", "$set"],
            Counts = { ["plain"] = long.MaxValue, ["with.dot"] = long.MinValue, ["$dollar"] = 0 },
            Address = new ParcelAddress("Hafenstraße", null, [1.0, -2.5, 1e300]),
        };
        await FillAsync(parcel);

        var stored = (await _parcels.GetAsync(parcel.Id, Token))!;

        Assert.Equivalent(parcel, stored, strict: true);
        Assert.Equal(parcel.ReadyAt.UtcTicks, stored.ReadyAt.UtcTicks);
        Assert.Equal(TimeSpan.Zero, stored.ReadyAt.Offset);
        Assert.Equal(parcel.Rate, stored.Rate);
    }

    [Fact]
    public async Task QueryAsync_LongsThatNoDoubleHolds_ToldApart()
    {
        await FillAsync(
            new ParcelDocument { Id = "below", Weight = BeyondDouble - 1 },
            new ParcelDocument { Id = "equal", Weight = BeyondDouble },
            new ParcelDocument { Id = "above", Weight = BeyondDouble + 1 },
            new ParcelDocument { Id = "most", Weight = long.MaxValue });

        Assert.Equal("equal", await IdsAsync(DocumentQuery.Where("weight", BeyondDouble)));
        Assert.Equal("below", await IdsAsync(DocumentQuery.Where("weight", Comparison.Less, BeyondDouble)));
        Assert.Equal("most", await IdsAsync(DocumentQuery.Where("weight", long.MaxValue)));
    }

    [Fact]
    public async Task QueryAsync_EveryKindOfValue_Compared()
    {
        var customer = Guid.NewGuid();
        await FillAsync(
            new ParcelDocument { Id = "a", State = ParcelState.Done, Fragile = true, Rate = 2.5, Customer = customer, Name = "x'; DROP TABLE parcels; --" },
            new ParcelDocument { Id = "b", State = ParcelState.Queued, Rate = 3, Name = "ä" });

        Assert.Equal("a", await IdsAsync(DocumentQuery.Where("state", ParcelState.Done)));
        Assert.Equal("a", await IdsAsync(DocumentQuery.Where("fragile", true)));
        Assert.Equal("b", await IdsAsync(DocumentQuery.Where("fragile", false)));
        Assert.Equal("b", await IdsAsync(DocumentQuery.Where("fragile", Comparison.NotEqual, true)));
        Assert.Equal("a", await IdsAsync(DocumentQuery.Where("customer", customer)));
        Assert.Equal("a", await IdsAsync(DocumentQuery.Where("rate", 2.5)));
        Assert.Equal("b", await IdsAsync(DocumentQuery.Where("rate", 3)));
        Assert.Equal("a", await IdsAsync(DocumentQuery.Where("rate", Comparison.Less, 3)));
        Assert.Equal("a", await IdsAsync(DocumentQuery.Where("name", "x'; DROP TABLE parcels; --")));
        Assert.Equal("b", await IdsAsync(DocumentQuery.Where("name", "ä")));
        Assert.Equal("b", await IdsAsync(DocumentQuery.Where("id", "b")));
        Assert.Equal("a b", await IdsAsync(DocumentQuery.Where("version", 1)));
    }

    [Fact]
    public async Task QueryAsync_Times_ComparedInOrder()
    {
        await FillAsync(
            new ParcelDocument { Id = "tick", ReadyAt = Noon.AddTicks(1) },
            new ParcelDocument { Id = "noon", ReadyAt = Noon },
            new ParcelDocument { Id = "never", ReadyAt = DateTimeOffset.MaxValue },
            new ParcelDocument { Id = "always", ReadyAt = DateTimeOffset.MinValue },
            new ParcelDocument { Id = "east", ReadyAt = new DateTimeOffset(2026, 3, 14, 13, 30, 0, TimeSpan.FromHours(2)) });

        Assert.Equal("always east noon tick never", await IdsAsync(DocumentQuery.All.OrderBy("readyAt")));
        Assert.Equal("always east noon", await IdsAsync(DocumentQuery.Where("readyAt", Comparison.LessOrEqual, Noon).OrderBy("readyAt")));
        Assert.Equal("never tick", await IdsAsync(DocumentQuery.Where("readyAt", Comparison.Greater, Noon.ToOffset(TimeSpan.FromHours(5)))));
    }

    [Theory]
    [InlineData("a b")]
    [InlineData("a'")]
    [InlineData("a\"")]
    [InlineData("$where")]
    [InlineData("a.b")]
    [InlineData("1a")]
    [InlineData("a\n")]
    [InlineData("")]
    [InlineData("a') OR 1=1 --")]
    public async Task AnyCall_HostileFieldName_Refused(string field)
    {
        await FillAsync(Parcel("a"));
        var all = DocumentQuery.All;
        var update = DocumentUpdate.Set("owner", "me");

        await RefusedAsync(() => _parcels.QueryAsync(DocumentQuery.Where(field, 1), Token));
        await RefusedAsync(() => _parcels.QueryAsync(all.OrderBy(field), Token));
        await RefusedAsync(() => _parcels.CountAsync(DocumentQuery.Where(field, Comparison.In, new[] { 1 }), Token));
        await RefusedAsync(() => _parcels.DeleteManyAsync(DocumentQuery.Where(field, 1), Token));
        await RefusedAsync(() => _parcels.UpdateFirstAsync(DocumentQuery.Where(field, 1), update, Token));
        await RefusedAsync(() => _parcels.UpdateFirstAsync(all.OrderBy(field), update, Token));
        await RefusedAsync(() => _parcels.UpdateFirstAsync(all, DocumentUpdate.Set(field, 1), Token));
        await RefusedAsync(() => _parcels.UpdateFirstAsync(all, update.AndIncrement(field, 1), Token));
        Assert.Throws<ArgumentException>(() => _store.Collection<ParcelDocument>(new CollectionDefinition("tests.hostile", [field])));

        static async Task RefusedAsync<TResult>(Func<ValueTask<TResult>> call) => await Assert.ThrowsAsync<ArgumentException>(() => call().AsTask());
    }

    [Theory]
    [InlineData("a\"; DROP TABLE x")]
    [InlineData("Upper")]
    [InlineData("two..dots")]
    [InlineData("$cmd")]
    [InlineData("system.")]
    [InlineData("")]
    public void Collection_HostileName_Refused(string name) =>
        Assert.Throws<ArgumentException>(() => _store.Collection<ParcelDocument>(new CollectionDefinition(name)));

    [Fact]
    public async Task QueryAsync_ValueThatIsNoScalar_Refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => _parcels.QueryAsync(DocumentQuery.Where("name", new { x = 1 }), Token).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => _parcels.QueryAsync(DocumentQuery.Where("name", Comparison.In, "text"), Token).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => _parcels.QueryAsync(DocumentQuery.Where("readyAt", DateTime.UnixEpoch), Token).AsTask());
        await Assert.ThrowsAsync<ArgumentException>(() => _parcels.QueryAsync(DocumentQuery.Where("name", Comparison.Less, null), Token).AsTask());
    }
}
