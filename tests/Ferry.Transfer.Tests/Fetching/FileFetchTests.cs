using Ferry.DiskImages;
using Ferry.Hosting.Jobs;
using Ferry.Testing;
using Ferry.Transfer.Jobs;

namespace Ferry.Transfer.Tests.Fetching;

public sealed class FileFetchTests
{
    [Fact]
    public async Task Run_RemoteDisk_StoresEveryChunkOnce()
    {
        await using var disk = await RemoteDisk.CreateAsync();

        var transferred = await disk.TransferAsync(disk.Job());

        Assert.Equal(disk.Server.Content, await disk.ReadAsync(transferred.Manifest));
        Assert.Equal(RemoteDisk.Size, transferred.Bytes.Read);
        Assert.Equal(10 * RemoteDisk.ChunkSize, transferred.Bytes.Zero);
        Assert.Equal(RemoteDisk.Size, transferred.Bytes.Zero + transferred.Bytes.Deduplicated + transferred.Bytes.Written);
        Assert.True(transferred.Bytes.Deduplicated >= 6 * RemoteDisk.ChunkSize);
    }

    [Theory]
    [InlineData("transfer.slice.stored", 1)]
    [InlineData("transfer.slice.stored", 8)]
    [InlineData("transfer.slice.proven", 1)]
    [InlineData("transfer.slice.proven", 10)]
    public async Task Run_AfterACrash_ReadsNothingAgainThatIsProven(string point, int occurrence)
    {
        await using var disk = await RemoteDisk.CreateAsync();
        var first = disk.Job();
        first.OnFaultPoint = (name, count) => _ = name == point && count >= occurrence ? throw new CrashException() : 0;
        await Assert.ThrowsAsync<CrashException>(() => disk.TransferAsync(first));
        var proven = first.Slices.Select(slice => (slice.First, slice.First + slice.Count)).ToList();
        disk.Server.Ranges.Clear();

        var second = disk.Job(first);
        var transferred = await disk.TransferAsync(second);

        Assert.Equal(2, second.Epoch);
        Assert.InRange(transferred.Bytes.Resent, 0, disk.Options.Connections * disk.Options.MaxSliceChunks * RemoteDisk.ChunkSize);
        Assert.Equal(disk.Server.Content, await disk.ReadAsync(transferred.Manifest));
        // Opening reads a few bytes of the head; a chunk is longer than those.
        var read = disk.Server.Ranges.Where(range => range.To - range.From + 1 >= RemoteDisk.ChunkSize).Select(range => range.From / RemoteDisk.ChunkSize);
        Assert.DoesNotContain(read, chunk => proven.Exists(slice => chunk >= slice.First && chunk < slice.Item2));
    }

    [Theory]
    [InlineData(Misbehaviour.BreaksOff)]
    [InlineData(Misbehaviour.Silent)]
    public async Task Run_ServerFailsNowAndThen_GetsThrough(Misbehaviour misbehaviour)
    {
        await using var disk = await RemoteDisk.CreateAsync();
        disk.Options.IdleTimeout = TimeSpan.FromMilliseconds(700);
        disk.Server.Behave = request => request is 12 ? misbehaviour : null;
        var job = disk.Job();

        var transferred = await RetryAsync(disk, job);

        Assert.Equal(disk.Server.Content, await disk.ReadAsync(transferred));
    }

    [Theory]
    [InlineData(Misbehaviour.Unavailable)]
    [InlineData(Misbehaviour.WrongRange)]
    [InlineData(Misbehaviour.Silent)]
    [InlineData(Misbehaviour.BreaksOff)]
    public async Task Run_ServerKeepsFailing_IsARetryableFailure(Misbehaviour misbehaviour)
    {
        await using var disk = await RemoteDisk.CreateAsync();
        disk.Options.IdleTimeout = TimeSpan.FromMilliseconds(300);
        disk.Server.Behave = request => request > 8 ? misbehaviour : null;

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => disk.TransferAsync(disk.Job()));

        Assert.Equal(DiskImageErrors.InputOutput, failed.Failure.Code);
        Assert.True(failed.Failure.Retryable);
    }

    [Fact]
    public async Task Run_RedirectToAnotherHost_IsNotFollowed()
    {
        await using var disk = await RemoteDisk.CreateAsync();
        disk.Server.Behave = request => request > 8 ? Misbehaviour.ElsewhereRedirect : null;

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => disk.TransferAsync(disk.Job()));

        Assert.Equal(DiskImageErrors.ForbiddenReference, failed.Failure.Code);
        Assert.False(failed.Failure.Retryable);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task Run_TheSourceChanges_FailsForGood(int afterRequests)
    {
        await using var disk = await RemoteDisk.CreateAsync();
        var before = disk.Server.Requests;
        disk.Server.Behave = request =>
        {
            if (request > before + afterRequests)
            {
                disk.Server.ETag = "\"v2\"";
            }

            return null;
        };

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => disk.TransferAsync(disk.Job()));

        Assert.Equal(DiskImageErrors.SourceChanged, failed.Failure.Code);
        Assert.False(failed.Failure.Retryable);
        Assert.NotEmpty(failed.Failure.Remedy);
    }

    [Fact]
    public async Task Run_HostNotAllowed_IsRefusedWithoutARequest()
    {
        await using var disk = await RemoteDisk.CreateAsync();
        disk.Sources.AllowedHosts.Add("images.example.com");
        var before = disk.Server.Requests;

        var failed = await Assert.ThrowsAsync<JobFailedException>(() => disk.TransferAsync(disk.Job()));

        Assert.Equal(TransferErrors.SourceNotAllowed, failed.Failure.Code);
        Assert.Equal(before, disk.Server.Requests);
    }

    [Fact]
    public async Task Run_AfterACrashInASlice_TellsWhatCameTwice()
    {
        await using var disk = await RemoteDisk.CreateAsync();
        disk.Options.Connections = 1;
        var first = disk.Job();
        first.OnFaultPoint = (name, count) => _ = name == "transfer.slice.stored" && count == 2 ? throw new CrashException() : 0;
        await Assert.ThrowsAsync<CrashException>(() => disk.TransferAsync(first));
        var earlier = disk.Server.Ranges.ToList();
        disk.Server.Ranges.Clear();

        var transferred = await disk.TransferAsync(disk.Job(first));

        var twice = disk.Server.Ranges.Sum(now => earlier.Sum(range => Math.Max(0, Math.Min(now.To, range.To) - Math.Max(now.From, range.From) + 1)));
        Assert.InRange(transferred.Bytes.Resent, RemoteDisk.ChunkSize, disk.Options.MaxSliceChunks * RemoteDisk.ChunkSize);
        Assert.InRange(twice - transferred.Bytes.Resent, 0, RemoteDisk.ChunkSize); // Opening reads a few bytes of the head.
    }

    [Fact]
    public async Task Run_AConnectionIsAskedBack_TheRestIsLeft_AndGoesOnLater()
    {
        await using var disk = await RemoteDisk.CreateAsync();
        var job = disk.Job();
        job.OnFaultPoint = (name, count) => disk.RevokeAll(name == "transfer.slice.proven" && count == 3);

        Assert.Null(await disk.TryTransferAsync(job));
        var transferred = await disk.TransferAsync(disk.Job(job));

        Assert.Equal(disk.Server.Content, await disk.ReadAsync(transferred.Manifest));
    }

    private static async Task<string> RetryAsync(RemoteDisk disk, FakeJobContext<RunTransfer> job)
    {
        try
        {
            return (await disk.TransferAsync(job)).Manifest;
        }
        catch (JobFailedException failed) when (failed.Failure.Retryable)
        {
            return (await disk.TransferAsync(disk.Job(job))).Manifest;
        }
    }
}
