using Ferry.Contracts.Cleanup;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Sagas;
using Ferry.Hosting.Tests.Support;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Ferry.Hosting.Tests.Sagas;

/// <summary>Sagas in documents: each message once, state and messages together.</summary>
public abstract class DocumentSagaTests(Transport transport) : IDisposable
{
    private const int Events = 100;
    private const int MostRounds = 20;
    private readonly Guid conversion = Guid.NewGuid();

    public void Dispose()
    {
        transport.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Events_EachPublishedTwice_AreAppliedOnceEach()
    {
        await using var host = await StartAsync();
        var faults = host.Services.GetRequiredService<Recorder<Fault<ConversionNudged>>>();

        await PublishAsync(host, [.. Enumerable.Range(0, Events).Select(_ => Guid.NewGuid()).SelectMany(id => new[] { id, id }).OrderBy(_ => Random.Shared.Next())]);

        var tally = await TallyAsync(host, tally => tally is { Count: >= Events, HasPending: false });
        Assert.Equal(Events, tally!.Count);

        // The sweeper may send what it finds half sent once more, but with the same id.
        await Eventually.IsAsync(() => host.Done.Of(conversion).DistinctBy(done => done.MessageId).Count() >= Events, "every answer");
        Assert.Equal(Enumerable.Range(1, Events), host.Done.Of(conversion).DistinctBy(done => done.MessageId).Select(done => done.Message.Attempt).Order());
        Assert.DoesNotContain(faults.All, fault => fault.Message.Message.ConversionId == conversion);
    }

    [Fact]
    public async Task Events_AtTwoProcesses_CollideWithoutFault()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        var tallies = new[] { first, second };
        using var meter = new MeterProbe("Ferry.Hosting");

        // Whether two writes meet is chance, a good one: again until they do.
        for (var (rounds, conflicts) = (1, 0.0); rounds <= MostRounds && conflicts < 1; rounds++)
        {
            await Task.WhenAll(tallies.Select(host => PublishAsync(host, [.. Enumerable.Range(0, Events / 2).Select(_ => Guid.NewGuid())])));
            var published = Events * rounds;
            var tally = await TallyAsync(first, tally => tally is { HasPending: false } && tally.Count >= published);
            Assert.Equal(published, tally!.Count);
            conflicts = meter.Sum("ferry.saga.conflicts");
        }

        Assert.True(meter.Sum("ferry.saga.conflicts") >= 1, "Nothing collided.");
        foreach (var host in tallies)
        {
            Assert.DoesNotContain(
                host.Services.GetRequiredService<Recorder<Fault<ConversionNudged>>>().All, fault => fault.Message.Message.ConversionId == conversion);
        }
    }

    [Fact]
    public async Task MissingInstance_IsDropped()
    {
        await using var host = await StartAsync();
        var faults = host.Services.GetRequiredService<Recorder<Fault<CancelConversion>>>();

        await host.Bus.Publish(new CancelConversion { ConversionId = conversion }, TestContext.Current.CancellationToken);
        await PublishAsync(host, [Guid.NewGuid()]);

        var tally = await TallyAsync(host, tally => tally is not null);
        Assert.Equal("Counting", tally!.CurrentState);
        Assert.DoesNotContain(faults.All, fault => fault.Message.Message.ConversionId == conversion);
    }

    private Task<TestHost> StartAsync()
    {
        return TestHost.StartAsync(transport, new Script(), builder =>
        {
            builder.AddDocumentSaga<TallyStateMachine, TallyState, TallySagaDefinition>(TallyState.Collection);
            builder.Record<Fault<ConversionNudged>>();
            builder.Record<Fault<CancelConversion>>();
        });
    }

    private Task PublishAsync(TestHost host, Guid[] messageIds) => Task.WhenAll(messageIds.Select(id =>
        host.Bus.Publish(new ConversionNudged { ConversionId = conversion }, context => context.MessageId = id, TestContext.Current.CancellationToken)));

    private Task<TallyState?> TallyAsync(TestHost host, Func<TallyState?, bool> satisfies) => Eventually.GetAsync(
        async () => await host.Services.GetRequiredService<IDocumentCollection<TallyState>>().GetAsync(SagaDocument.IdOf(conversion)), satisfies, "the tally");
}
