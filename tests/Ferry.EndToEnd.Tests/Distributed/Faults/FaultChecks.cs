using Ferry.Contracts.Conversions;
using MongoDB.Bson;
using MongoDB.Driver;

namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>What holds after every run: the right end, the right bytes, and nothing left.</summary>
internal sealed class FaultChecks(FaultLab lab, FaultRun run)
{
    private const int Connections = 4;
    private const int Settled = 40;
    private static readonly string[] Services = ["capture", "transfer", "fixup", "conversion"];
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private DistributedFerry Ferry => lab.Ferry;

    public async Task CheckAsync(ConversionView view)
    {
        if (run.Row.Failure is { } code)
        {
            Assert.True(view.State == "Failed" && view.Failure?.Code == code, $"{view.State}: {view.Failure}\n{Ferry.Logs()}");
            Assert.False(string.IsNullOrEmpty(view.Failure!.Remedy), "the failure does not say what to do");
            NothingIsPublished();
        }
        else if (run.Row.Cancelled)
        {
            Assert.Equal("Cancelled", view.State);
            NothingIsPublished();
        }
        else
        {
            Assert.True(view.State == "Completed", $"{view.State}: {view.Failure}\n{Ferry.Logs()}");
            await ImageAsync(await Ferry.ReportAsync(run.Id));
        }

        Assert.Equal("clean", view.Ending);
        Assert.Empty(run.ChangedChunks());
        await EventuallyAsync(async () => Left(await LedgersAsync()) ?? Left(await QueueDepths.LeftAsync(Ferry.Rabbit.Uri, lab.Queues)) ?? Left(Files()) ?? LeftConnections());
    }

    private void NothingIsPublished() =>
        Assert.True(!Directory.Exists(run.Output) || !Directory.EnumerateFileSystemEntries(run.Output).Any(), "something is in the output folder");

    private async Task ImageAsync(ConversionReport report)
    {
        var disk = Assert.Single(report.Disks);
        Assert.Equal(run.Digest, disk.CapturedDigest);
        var image = await RawDisks.CopyAsync(Path.Combine(run.Output, disk.Image), "vhdx", lab.File("target.raw"));
        Assert.Equal(disk.ImageDigest, await RawDisks.DigestAsync(image, disk.ChunkSize));
        Assert.Equal(
            disk.ChangedByFixup.SelectMany(range => Enumerable.Range(0, (int)range.Count).Select(i => range.First + i)),
            await RawDisks.DifferentChunksAsync(run.Source, image, disk.ChunkSize));
        Assert.Equal(run.Row.Step is FaultStep.Fixup, disk.ChangedByFixup.Count > 0);
        if (run.Row.TakenOver is { } step)
        {
            var taken = report.Steps.Last(x => x.Step == step);
            Assert.True(taken.Epoch >= 2, $"nobody took over: {taken}");
        }
        else if (run.Row.Fault is FaultKind.Duplicated or FaultKind.Reordered)
        {
            Assert.All(report.Steps.GroupBy(x => x.Step), same => Assert.Single(same));
        }

        var takeovers = run.Row.Fault is FaultKind.WorkerKilled ? 1 : report.Steps.Where(x => x.Step == "transfer").Sum(x => Math.Max(0, x.Epoch - 1));
        Assert.InRange(disk.BytesResent, run.Row.Resends ? 1 : 0, takeovers * Connections * disk.ChunkSize);
        Assert.Equal(disk.BytesResent, report.BytesResent);
        Assert.Empty(report.Residue);
        Assert.DoesNotContain(Directory.EnumerateFileSystemEntries(run.Output), entry => Path.GetFileName(entry).StartsWith('.'));
    }

    // Resources that a service holds for the conversion.
    private async Task<IEnumerable<string>> LedgersAsync()
    {
        using var client = new MongoClient(Ferry.Mongo.ConnectionString);
        var database = client.GetDatabase(Ferry.Mongo.Database);
        var left = new List<string>();
        foreach (var service in Services)
        {
            var documents = await database.GetCollection<BsonDocument>($"{service}.ledger").Find(FilterDefinition<BsonDocument>.Empty).ToListAsync(TestContext.Current.CancellationToken);
            left.AddRange(documents.Select(document => document.ToString()).Select(text => $"{service} holds {text}"));
        }

        return left;
    }

    // Whatever a living process has not finished: guest workers' folders, and chunks that have no name yet.
    private IEnumerable<string> Files() =>
        Directory.EnumerateFileSystemEntries(Ferry.Scratch).Concat(
            Directory.EnumerateDirectories(Path.Combine(lab.Chunks, "incoming")).Where(IsInUse)
                .SelectMany(folder => Directory.EnumerateFiles(folder).Where(file => Path.GetFileName(file) != "lock")));

    private static bool IsInUse(string incoming)
    {
        try
        {
            using var mine = File.Open(Path.Combine(incoming, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private string? LeftConnections() =>
        lab.Connections == lab.UsualConnections && lab.StoreConnections <= lab.MostStoreConnections
            ? null
            : $"{lab.Connections} connections to the broker (usually {lab.UsualConnections}), {lab.StoreConnections} to the store (at most {lab.MostStoreConnections})";

    private static string? Left(IEnumerable<string> what) => string.Join('\n', what) is { Length: > 0 } text ? text : null;

    // What ends asynchronously: a result is taken, then its copy is deleted; a message is handled, then acknowledged.
    private async Task EventuallyAsync(Func<Task<string?>> left)
    {
        using var timer = new PeriodicTimer(Interval);
        var last = await left();
        for (var i = 0; i < Settled && last is not null; i++)
        {
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            last = await left();
        }

        Assert.True(last is null, $"left behind: {last}\n{Ferry.Logs()}");
    }
}
