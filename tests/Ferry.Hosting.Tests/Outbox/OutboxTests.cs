using Ferry.Hosting.Bus;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Outbox;
using Ferry.Hosting.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Ferry.Hosting.Tests.Outbox;

/// <summary>State and messages change together.</summary>
public abstract class OutboxTests(Transport transport) : IDisposable
{
    private readonly Guid conversion = Guid.NewGuid();

    public void Dispose()
    {
        transport.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task MessageThatCouldNotBeSent_IsSweptUp_WithTheSameId()
    {
        BrokenSender? sender = null;
        await using var host = await TestHost.StartAsync(transport, new Script(), builder => BeforeBus(builder.Services, provider => sender = provider));
        await host.SubmitAsync(conversion);
        var job = await host.JobAsync(conversion, job => job is { State: JobState.Succeeded, HasPending: true }, "the job has ended");
        await Eventually.IsAsync(() => sender?.Refused.Contains(job.Outcome!.MessageId) == true, "the first send");
        Assert.Empty(host.Done.Of(conversion));

        sender!.Mended = true;

        var done = await host.Done.FirstAsync(done => done.ConversionId == conversion);
        Assert.Equal(job.Outcome!.MessageId, done.MessageId);
        Assert.Contains(done.MessageId, sender.Refused);
        await host.JobAsync(conversion, job => !job.HasPending, "the message is confirmed");
    }

    [Fact]
    public async Task MessageOfADeadProcess_IsSweptUpByTheNext()
    {
        var dead = await TestHost.StartAsync(transport, new Script(), builder => BeforeBus(builder.Services, _ => { }));
        await dead.SubmitAsync(conversion);
        var job = await dead.JobAsync(conversion, job => job is { State: JobState.Succeeded, HasPending: true }, "the job has ended");
        await dead.DisposeAsync();

        await using var next = await TestHost.StartAsync(transport, new Script());

        var done = await next.Done.FirstAsync(done => done.ConversionId == conversion);
        Assert.Equal(job.Outcome!.MessageId, done.MessageId);
    }

    private static void BeforeBus(IServiceCollection services, Action<BrokenSender> made)
    {
        services.AddSingleton<BusMessageSender>();
        services.AddSingleton<IMessageSender>(provider =>
        {
            var sender = new BrokenSender(provider.GetRequiredService<BusMessageSender>());
            made(sender);
            return sender;
        });
    }
}
