using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Bus;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Tests.Support;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Ferry.Hosting.Tests.Bus;

/// <summary>While the store is away nothing is consumed and nothing lost.</summary>
public abstract class StoreGateTests(Transport transport) : IDisposable
{
    private const int Commands = 30;

    public void Dispose()
    {
        transport.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task StoreAway_HoldsTheMessages_AndAllAreHandledWhenItIsBack()
    {
        var store = new FailingStore();
        await using var host = await TestHost.StartAsync(transport, new Script(), builder =>
        {
            var real = builder.Services.Last(service => service.ServiceType == typeof(IDocumentStore)).ImplementationFactory!;
            builder.Services.Replace(ServiceDescriptor.Singleton<IDocumentStore>(provider => store.Over((IDocumentStore)real(provider))));
            builder.Record<Fault<CleanUpConversion>>();
        });
        var gate = host.Services.GetRequiredService<StoreGate>();
        var conversions = Enumerable.Range(0, Commands).Select(_ => Guid.NewGuid()).ToArray();
        var queue = await host.Bus.GetSendEndpoint(new Uri("exchange:clean-up-conversion"));

        store.Fails = true;
        foreach (var conversion in conversions)
        {
            await queue.Send(TestHost.Command(conversion), TestContext.Current.CancellationToken);
        }

        await Eventually.IsAsync(() => gate.IsClosed, "the gate is closed");
        var closed = store.Refused;
        using (var timer = new PeriodicTimer(TimeSpan.FromSeconds(2)))
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        // Each of the consumers' slots may have come once more; everything else that asks the store is its own probe, worker or sweeper.
        Assert.True(store.RefusedInserts <= 2 * 4, $"{store.RefusedInserts} attempts to write a job");
        Assert.True(gate.IsClosed);
        Assert.True(store.Refused > closed);
        store.Fails = false;

        foreach (var conversion in conversions)
        {
            await host.Done.FirstAsync(done => done.ConversionId == conversion);
        }

        Assert.False(gate.IsClosed);
        Assert.Empty(host.Services.GetRequiredService<Recorder<Fault<CleanUpConversion>>>().All);
        Assert.All(conversions, conversion => Assert.Single(host.Done.Of(conversion)));
    }
}
