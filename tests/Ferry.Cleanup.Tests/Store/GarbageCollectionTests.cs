using Ferry.Chunks;
using Ferry.Chunks.Collection;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Cleanup.Store;

namespace Ferry.Cleanup.Tests.Store;

/// <summary>Garbage collection with real chunks; on SQLite and on MongoDB.</summary>
public abstract class GarbageCollectionTests(StoreCare care) : IDisposable
{

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        care.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Run_EveryServicesManifestsStay_WhatNobodyNeedsGoes()
    {
        var kept = new Dictionary<string, ChunkId>();
        foreach (var service in care.Live.Keys)
        {
            kept[service] = await care.DiskAsync(kept.Count);
            care.Live[service] = [kept[service].ToString()];
        }

        var garbage = await care.DiskAsync(99);
        care.Age(TimeSpan.FromHours(3));

        var task = await care.RunAsync(StoreTaskKind.Collection);

        Assert.Equal(StoreTaskState.Done, task.State);
        Assert.Equal(5, task.Collected!.CollectedChunks);
        Assert.Equal(5, task.Collected.Mark.Manifests);
        Assert.Equal(15L * StoreCare.ChunkSize, task.Collected.Mark.ReferencedBytes);
        Assert.Equal(0, task.Collected.Mark.GarbageChunks);
        Assert.Equal(task.Collected.Mark, task.LastMark);
        Assert.Empty(task.Answers);
        Assert.False(await ManifestPresence.ClaimAsync(care.Manifests, garbage, Token));
        foreach (var root in kept.Values)
        {
            Assert.True(await ManifestPresence.ClaimAsync(care.Manifests, root, Token));
        }
    }

    [Fact]
    public async Task Run_TheOrchestratorIsAskedLast()
    {
        await care.RunAsync(StoreTaskKind.Collection);

        Assert.Equal(["capture", "transfer", "fixup", "conversion", "orchestrator"], care.Asked);
    }

    [Fact]
    public async Task Run_YoungGarbage_StaysAndIsCounted()
    {
        await care.DiskAsync(1);

        var task = await care.RunAsync(StoreTaskKind.Collection);

        Assert.Equal((0, 5), (task.Collected!.CollectedChunks, task.Collected.Mark.GarbageChunks));
    }

    [Fact]
    public async Task Run_Dry_SaysWhatWouldGoAndDeletesNothing()
    {
        var disk = await care.DiskAsync(1);
        care.Age(TimeSpan.FromHours(3));

        var task = await care.RunAsync(StoreTaskKind.Collection, dryRun: true);

        Assert.Equal((true, 5, 5), (task.Collected!.DryRun, task.Collected.CollectedChunks, task.Collected.Mark.GarbageChunks));
        Assert.True(await ManifestPresence.ClaimAsync(care.Manifests, disk, Token));
    }

    [Theory]
    [InlineData("transfer")]
    [InlineData("orchestrator")]
    public async Task Run_AServiceIsSilent_NothingGoesAndItIsNamed(string service)
    {
        care.Live.Remove(service);
        var disk = await care.DiskAsync(1);
        care.Age(TimeSpan.FromHours(3));

        var task = await care.RunAsync(StoreTaskKind.Collection);

        Assert.Equal((StoreTaskState.Failed, CleanupErrors.ServiceSilent, $"services {service}"), (task.State, task.Failure!.Code, task.Failure.Where));
        Assert.True(await ManifestPresence.ClaimAsync(care.Manifests, disk, Token));
    }

    [Fact]
    public async Task Run_ALiveManifestCannotBeRead_NothingGoes()
    {
        care.Live["fixup"] = [new string('a', 64)];
        var disk = await care.DiskAsync(1);
        care.Age(TimeSpan.FromHours(3));

        var task = await care.RunAsync(StoreTaskKind.Collection);

        Assert.Equal((StoreTaskState.Failed, ChunkStoreErrors.Missing), (task.State, task.Failure!.Code));
        Assert.True(await ManifestPresence.ClaimAsync(care.Manifests, disk, Token));
    }

    [Fact]
    public async Task Run_ChunksAreAskedForAfterTheMark_TheyStay()
    {
        var disk = await care.DiskAsync(1);
        care.Age(TimeSpan.FromHours(3));
        var claimed = false;
        care.OnMarked = () => claimed = ManifestPresence.ClaimAsync(care.Manifests, disk, Token).AsTask().GetAwaiter().GetResult();

        var task = await care.RunAsync(StoreTaskKind.Collection);

        Assert.True(claimed);

        // The root was read and not asked for by the claim's opening alone: all of it is there.
        Assert.Equal(0, task.Collected!.CollectedChunks);
        Assert.True(await ManifestPresence.ClaimAsync(care.Manifests, disk, Token));
    }

    [Fact]
    public async Task Run_TheReplicaDiesInTheMiddle_AnotherBeginsAgain()
    {
        var kept = await care.DiskAsync(1);
        await care.DiskAsync(2);
        care.Live["orchestrator"] = [kept.ToString()];
        care.Age(TimeSpan.FromHours(3));
        care.OnMarked = () => throw new IOException("The process is killed here.");
        var requested = await care.Tasks.RequestAsync(StoreTaskKind.Collection, dryRun: false, Token);
        using var dying = care.Runner(StoreTaskKind.Collection);
        await Assert.ThrowsAsync<IOException>(() => dying.RunOnceAsync(Token));
        care.OnMarked = () => { };
        using var other = care.Runner(StoreTaskKind.Collection);
        Assert.False(await other.RunOnceAsync(Token));

        while (!await other.RunOnceAsync(Token))
        {
            await Task.Yield();
        }

        var task = (await care.Tasks.GetAsync(StoreTaskKind.Collection, Token))!;
        Assert.Equal((requested.RunId, StoreTaskState.Done, 2), (task.RunId, task.State, task.Epoch));
        Assert.Equal(5, task.Collected!.CollectedChunks);
        Assert.True(await ManifestPresence.ClaimAsync(care.Manifests, kept, Token));
    }

    [Fact]
    public async Task Run_SeveralReplicasAtOnce_OneDoesIt()
    {
        await care.Tasks.RequestAsync(StoreTaskKind.Collection, dryRun: false, Token);
        var runners = Enumerable.Range(0, 6).Select(_ => care.Runner(StoreTaskKind.Collection)).ToList();

        var did = await Task.WhenAll(runners.Select(runner => Task.Run(() => runner.RunOnceAsync(Token), Token)));

        Assert.Single(did, done => done);
        runners.ForEach(runner => runner.Dispose());
    }

    [Fact]
    public async Task Request_WhileOneWaits_IsTheSameRun()
    {
        var first = await care.Tasks.RequestAsync(StoreTaskKind.Collection, dryRun: true, Token);
        var second = await care.Tasks.RequestAsync(StoreTaskKind.Collection, dryRun: false, Token);

        Assert.Equal((first.RunId, true), (second.RunId, second.DryRun));
    }

    [Fact]
    public async Task Answer_ToAnEarlierQuestion_IsDropped()
    {
        await care.Tasks.RequestAsync(StoreTaskKind.Collection, dryRun: false, Token);
        await care.Tasks.AnswerAsync(new() { CollectionId = Guid.NewGuid(), Service = "capture", Manifests = [] }, Token);

        Assert.Empty((await care.Tasks.GetAsync(StoreTaskKind.Collection, Token))!.Answers);
    }

    [Fact]
    public async Task Schedule_AfterTheFirstStart_IsDueOnlyAfterTheInterval()
    {
        await care.Tasks.ScheduleAsync(TimeSpan.FromHours(1), Token);
        await care.Tasks.ScheduleAsync(TimeSpan.FromHours(1), Token);
        Assert.Null(await care.Tasks.GetAsync(StoreTaskKind.Collection, Token));

        await care.Tasks.ScheduleAsync(TimeSpan.FromTicks(1), Token);

        Assert.Equal(StoreTaskState.Waiting, (await care.Tasks.GetAsync(StoreTaskKind.Collection, Token))!.State);
    }

    [Theory]
    [InlineData("01:00:00", "01:01:00", true)]
    [InlineData("01:00:00", "01:00:59", false)]
    [InlineData("00:00:00", "00:01:00", true)]
    public void Grace_NotLongerThanTheRenewalOfUse_IsRefused(string touchAfter, string grace, bool legal)
    {
        var validator = new CollectionOptionsValidator(Microsoft.Extensions.Options.Options.Create(new ChunkStoreOptions { TouchAfter = TimeSpan.Parse(touchAfter, null) }));

        Assert.Equal(legal, validator.Validate(null, new CollectionOptions { Grace = TimeSpan.Parse(grace, null) }).Succeeded);
    }
}
