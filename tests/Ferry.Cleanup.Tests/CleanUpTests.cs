using System.Text.Json;
using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Documents.Sqlite;
using Ferry.Hosting.Jobs;
using Ferry.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Ferry.Cleanup.Tests;

public sealed class CleanUpTests : IDisposable
{
    private static readonly string[] services = ["capture", "transfer", "fixup", "conversion"];
    private readonly TemporaryFolder folder = new();
    private readonly SqliteDocumentStore store;
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeOutbox outbox;
    private readonly CleanUp cleanUp;
    private readonly Guid id = Guid.NewGuid();

    public CleanUpTests()
    {
        store = new SqliteDocumentStore(folder.At("state.db"));
        outbox = new FakeOutbox(store.Collection<CleanUpRequest>(CleanUpRequest.Collection));
        cleanUp = new CleanUp(outbox, time, Options.Create(new CleanUpOptions()), new NoFaults(), NullLogger<CleanUp>.Instance);
    }

    private sealed class NoFaults : IFaultPoints
    {
        public void Hit(string name)
        {
        }
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        store.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Begin_First_AsksEveryService()
    {
        await BeginAsync();

        Assert.Equal(typeof(ReleaseResources).FullName, Assert.Single(outbox.Sent).Type);
    }

    [Fact]
    public async Task Answer_All_EndsCleanOnce()
    {
        await BeginAsync();
        foreach (var service in services)
        {
            Assert.Empty(Ended());
            await AnswerAsync(service);
        }

        await AnswerAsync("capture");

        Assert.Empty(Assert.Single(Ended()).Residue);
    }

    [Fact]
    public async Task Answer_WithResidue_IsNamedWithItsService()
    {
        await BeginAsync();
        await AnswerAsync("capture", "snapshot s1: no answer");
        await AnswerAsync("transfer");
        await AnswerAsync("fixup");
        await AnswerAsync("conversion", "staging-folder /out: busy");

        Assert.Equal(["capture: snapshot s1: no answer", "conversion: staging-folder /out: busy"], Assert.Single(Ended()).Residue);
    }

    [Fact]
    public async Task Answer_Twice_TheLaterCounts()
    {
        await BeginAsync();
        await AnswerAsync("capture", "snapshot s1: busy");
        await AnswerAsync("capture");
        foreach (var service in services[1..])
        {
            await AnswerAsync(service);
        }

        Assert.Empty(Assert.Single(Ended()).Residue);
    }

    [Fact]
    public async Task Begin_Again_AsksAgainAndAfterTheEndRepeatsTheResult()
    {
        await BeginAsync();
        await BeginAsync();
        Assert.Equal(2, outbox.Sent.Count);
        foreach (var service in services)
        {
            await AnswerAsync(service);
        }

        await BeginAsync();

        var ends = outbox.Sent.Where(message => message.Type == typeof(ConversionCleanedUp).FullName).ToList();
        Assert.Equal(2, ends.Count);
        Assert.Equal(ends[0].MessageId, ends[1].MessageId);
    }

    [Fact]
    public async Task Begin_AServiceDoesNotAnswerInTime_EndsWithResidue()
    {
        await BeginAsync();
        foreach (var service in services[..3])
        {
            await AnswerAsync(service);
        }

        time.Advance(TimeSpan.FromMinutes(9));
        await BeginAsync();
        Assert.Empty(Ended());
        time.Advance(TimeSpan.FromMinutes(1));
        await BeginAsync();
        await AnswerAsync("conversion");

        Assert.StartsWith("service conversion did not answer", Assert.Single(Assert.Single(Ended()).Residue), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Begin_TheProcessDiesBeforeSending_TheMessageWaitsInTheDocument()
    {
        outbox.DiesBeforeSending = true;
        await BeginAsync();
        var request = Assert.Single(await outbox.Documents.QueryAsync(DocumentQuery.Where("hasPending", true), Token));

        Assert.Equal(typeof(ReleaseResources).FullName, Assert.Single(request.Pending).Type);
    }

    [Fact]
    public async Task Answer_AtTheSameTime_NoneIsLost()
    {
        await BeginAsync();

        await Task.WhenAll(services.Select(service => Task.Run(() => AnswerAsync(service))));

        var request = await outbox.Documents.GetAsync(CleanUpRequest.IdOf(id, 1), Token);
        Assert.Equal(services.Order(), request!.Answers.Select(answer => answer.Service).Order());
        Assert.NotNull(request.Outcome);
    }

    [Theory]
    [InlineData("capture", 2)]
    [InlineData("stranger", 1)]
    public async Task Answer_NobodyAskedFor_IsIgnored(string service, int attempt)
    {
        await BeginAsync();

        await cleanUp.AnswerAsync(new ResourcesReleased { ConversionId = id, Attempt = attempt, Service = service, Released = 0, Residue = [] }, Token);

        Assert.Empty((await outbox.Documents.GetAsync(CleanUpRequest.IdOf(id, 1), Token))!.Answers);
    }

    private Task BeginAsync() => cleanUp.BeginAsync(new CleanUpConversion { ConversionId = id, Attempt = 1 }, Token);

    private Task AnswerAsync(string service, params string[] residue) =>
        cleanUp.AnswerAsync(new ResourcesReleased { ConversionId = id, Attempt = 1, Service = service, Released = 1, Residue = residue }, Token);

    private List<ConversionCleanedUp> Ended() =>
    [
        .. outbox.Sent.Where(message => message.Type == typeof(ConversionCleanedUp).FullName)
            .Select(message => message.Body.Deserialize<ConversionCleanedUp>(DocumentJson.Options)!),
    ];
}
