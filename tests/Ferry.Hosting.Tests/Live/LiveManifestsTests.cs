using System.Collections.Concurrent;
using System.Text.Json;
using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Live;
using Ferry.Hosting.Outbox;
using Ferry.Hosting.Tests.Support;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Ferry.Hosting.Tests.Live;

/// <summary>What a service answers when it is asked for the manifests that its jobs need.</summary>
public abstract class LiveManifestsTests(Transport transport) : IDisposable
{
    private readonly Guid conversion = Guid.NewGuid();
    private readonly Kept kept = new();

    public void Dispose()
    {
        transport.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Jobs_OfEveryState_AnswerWithWhatTheyNeedNow()
    {
        await using var host = await StartAsync();
        await InsertAsync(host, "queued", JobState.Queued, command: 'a');
        await InsertAsync(host, "running", JobState.Running, command: 'b');
        await InsertAsync(host, "suspended", JobState.Suspended, command: 'c');
        await InsertAsync(host, "failed", JobState.Failed, command: 'd');
        await InsertAsync(host, "cancelled", JobState.Cancelled, command: 'e');
        await InsertAsync(host, "succeeded", JobState.Succeeded, command: 'f', outcome: '1');

        var answer = await AskAsync(host);

        Assert.Equal([Root('1'), Root('a'), Root('b'), Root('c')], answer.Manifests);
    }

    [Fact]
    public async Task Result_AfterTheConversionIsCleanedUp_IsNoLongerNeeded()
    {
        await using var host = await StartAsync();
        await InsertAsync(host, "first", JobState.Succeeded, command: 'a', outcome: '1', age: 3);
        await InsertAsync(host, "release", JobState.Succeeded, command: 'b', kind: $"{TestHost.Service}-release", age: 2);
        await InsertAsync(host, "second", JobState.Succeeded, command: 'c', outcome: '2', age: 1);

        Assert.Equal([Root('2')], (await AskAsync(host)).Manifests);
    }

    [Fact]
    public async Task ManyJobs_AreAllLookedAt()
    {
        await using var host = await StartAsync();
        for (var i = 0; i < 450; i++)
        {
            await InsertAsync(host, $"job-{i}", JobState.Queued, root: $"{i:x64}");
        }

        Assert.Equal(450, (await AskAsync(host)).Manifests.Count);
    }

    [Fact]
    public async Task SlicesOfUnfinishedJobs_AreKept()
    {
        await using var host = await StartAsync();
        await InsertAsync(host, "running", JobState.Running, command: 'b');
        await InsertAsync(host, "cancelled", JobState.Cancelled, command: 'e');
        foreach (var job in new[] { "running", "cancelled" })
        {
            var slice = new SliceDocument
            {
                Id = $"{job}/0", JobId = job, ConversionId = conversion, First = 0, Count = 1, Epoch = 1, Entries = [1], Bytes = Work.OneChunk,
            };
            await host.Services.GetRequiredKeyedService<ServiceDocuments>(TestHost.Service).Slices.TryInsertAsync(slice, TestContext.Current.CancellationToken);
        }

        await AskAsync(host);

        Assert.Equal(["running"], kept.Jobs.Distinct());
    }

    [Fact]
    public async Task Request_ForOthers_IsNotAnswered()
    {
        await using var host = await StartAsync();
        var other = Guid.NewGuid();
        await host.Bus.Publish(new ListLiveManifests { CollectionId = other, Services = ["orchestrator"] }, TestContext.Current.CancellationToken);

        await AskAsync(host);

        Assert.DoesNotContain(host.Services.GetRequiredService<Recorder<LiveManifestsListed>>().All, answer => answer.Message.CollectionId == other);
    }

    private static string Root(char digit) => new(digit, 64);

    private static async Task<LiveManifestsListed> AskAsync(TestHost host)
    {
        var id = Guid.NewGuid();
        await host.Bus.Publish(new ListLiveManifests { CollectionId = id, Services = [TestHost.Service, "other"] }, TestContext.Current.CancellationToken);
        var answer = await host.Services.GetRequiredService<Recorder<LiveManifestsListed>>().FirstAsync(answer => answer.CollectionId == id);
        Assert.Equal(TestHost.Service, answer.Message.Service);
        return answer.Message;
    }

    private Task<TestHost> StartAsync() => TestHost.StartAsync(transport, new Script(), builder =>
    {
        builder.Record<LiveManifestsListed>();
        builder.Services.AddKeyedSingleton<IProvenChunks>(TestHost.Service, kept);
    });

    private async Task InsertAsync(
        TestHost host, string id, JobState state, char command = '0', char? outcome = null, string kind = "gone", int age = 0, string? root = null)
    {
        var now = TimeProvider.System.GetUtcNow();
        var job = new JobDocument
        {
            Id = id,
            Kind = kind,
            ConversionId = conversion,
            Step = "work",
            Attempt = 1,
            State = state,
            Command = JsonSerializer.SerializeToElement(new { Disks = new[] { new { CapturedManifest = root ?? Root(command), Digest = Root('9') } } }, DocumentJson.Options),
            ClaimableAt = DateTimeOffset.MaxValue,
            CreatedAt = now.AddHours(-age),
            Outcome = outcome is not { } digit ? null : PendingMessage.Event(new { Manifests = new[] { Root(digit) }, Digest = Root('9') }, now),
        };
        Assert.True(await host.JobDocuments.TryInsertAsync(job, TestContext.Current.CancellationToken));
    }

    private sealed class Kept : IProvenChunks
    {
        public ConcurrentQueue<string> Jobs { get; } = new();

        public Task KeepAsync(IReadOnlyList<SliceDocument> slices, CancellationToken cancellationToken)
        {
            foreach (var slice in slices)
            {
                Jobs.Enqueue(slice.JobId);
            }

            return Task.CompletedTask;
        }
    }
}
