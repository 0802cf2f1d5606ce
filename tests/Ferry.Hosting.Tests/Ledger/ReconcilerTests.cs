using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Ledger;
using Ferry.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Ferry.Hosting.Tests.Ledger;

/// <summary>What a service says that it holds.</summary>
public abstract class ReconcilerTests(Transport transport) : IDisposable
{
    private readonly Guid conversion = Guid.NewGuid();

    public void Dispose()
    {
        transport.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Service_SaysAtItsStartAndAgain_WhatItsLedgerNames_AndWhatItDoesNot()
    {
        transport.Settings["Ferry:Jobs:ReconcileSeconds"] = "1";
        await using var host = await TestHost.StartAsync(transport, new Script
        {
            Run = async (job, stop) =>
            {
                await job.RecordResourceAsync("image", "/named", stop);
                return Script.Done(job);
            },
        }, builder =>
        {
            builder.Record<ResourcesHeld>();
            builder.AddStrayFinder<TwoImages>(TestHost.Service);
        });
        await host.SubmitAsync(conversion);

        var said = await host.Services.GetRequiredService<Recorder<ResourcesHeld>>().FirstAsync(said => said.Held.Count > 0);

        var held = Assert.Single(said.Message.Held);
        Assert.Equal((TestHost.Service, conversion, "image", "/named"), (said.Message.Service, held.ConversionId, held.Kind, held.Place));
        Assert.Equal(new StrayResource { Kind = "image", Place = "/stray" }, Assert.Single(said.Message.Strays));
    }

    private sealed class TwoImages : IStrayFinder
    {
        public IEnumerable<StrayResource> Find() => [new StrayResource { Kind = "image", Place = "/named" }, new StrayResource { Kind = "image", Place = "/stray" }];
    }
}
