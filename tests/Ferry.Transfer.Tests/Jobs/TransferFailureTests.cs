using System.Text;
using Ferry.Contracts.Transfer;
using Ferry.DiskImages;

namespace Ferry.Transfer.Tests.Jobs;

/// <summary>What misbehaving sources do to transfer jobs.</summary>
public sealed class TransferFailureTests
{
    private static readonly byte[] Content = Bytes();

    [Theory]
    [InlineData(Misbehaviour.Unavailable)]
    [InlineData(Misbehaviour.UnavailableForASecond)]
    [InlineData(Misbehaviour.Resets)]
    [InlineData(Misbehaviour.Silent)]
    [InlineData(Misbehaviour.BreaksOff)]
    [InlineData(Misbehaviour.WrongRange)]
    public async Task Source_FailsForAWhile_IsATransientError_AndArrives(Misbehaviour misbehaviour)
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync(
            ("Ferry:Transfer:IdleTimeout", "00:00:00.300"), ("Ferry:Transfer:Connections", "1"), ("Ferry:Transfer:MaxBadAnswers", "1000"), ("Ferry:Transfer:MinimumRetry", "00:00:00.400"));
        server.Behave = request => request > 2 ? misbehaviour : null;

        var job = await host.CreateAsync(server.Location + "disk.raw", destination: "disk.raw");
        var waiting = await host.WaitAsync(job.Id, TransferJobState.TransientError);
        server.Behave = _ => null;
        await host.WaitAsync(job.Id, TransferJobState.Transferred);

        Assert.Equal("retry", waiting.WaitingFor!.Reason);
        Assert.NotNull(waiting.WaitingFor.Until);
        if (misbehaviour == Misbehaviour.UnavailableForASecond)
        {
            Assert.InRange((waiting.WaitingFor.Until - waiting.WaitingFor.Since).Value.TotalSeconds, 1, 1.1);
        }

        Assert.Equal(Content, await File.ReadAllBytesAsync(Path.Combine(host.Library, "disk.raw"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Source_KeepsSendingOtherBytes_EndsInError_ThatNamesOffsetAndSource_AndGoesOnWhenItIsMended()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        server.Behave = request => request > 1 ? Misbehaviour.WrongRange : null;

        var job = await host.CreateAsync(server.Location + "disk.raw?token=hush");
        var failed = await host.WaitAsync(job.Id, TransferJobState.Error);
        server.Behave = _ => null;
        await host.ActAsync(job.Id, "resume");
        await host.WaitAsync(job.Id, TransferJobState.Transferred);

        Assert.Equal(TransferErrors.BadData, failed.Failure!.Code);
        Assert.Matches(@"^http://127\.0\.0\.1:\d+/images/disk\.raw at offset \d+$", failed.Failure.Where);
        Assert.DoesNotContain("hush", System.Text.Json.JsonSerializer.Serialize(failed), StringComparison.Ordinal);
        Assert.DoesNotContain(host.Logged, line => line.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Source_Corrupts_TheKnownChunkIsAskedForAgain_ThenItIsError()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync(("Ferry:Transfer:Connections", "1"));
        var first = await host.CreateAsync(server.Location + "disk.raw");
        var manifest = (await host.WaitAsync(first.Id, TransferJobState.Transferred)).Files[0].Manifest!;
        var hashed = await HashedOrigin.OfAsync(host, manifest, server.Location);
        await host.ActAsync(first.Id, "acknowledge");

        // One bad answer: asked for again.
        await HashedOrigin.ForgetChunksAsync(host, manifest);
        var (asked, corrupt) = (0, 1);
        server.Behave = _ => Interlocked.Increment(ref asked) > 1 && Interlocked.Decrement(ref corrupt) >= 0 ? Misbehaviour.Corrupts : null;
        var again = await host.CreateAsync(server.Location + "disk.raw", request => request with { Files = [new TransferFileRequest { Manifest = hashed }] });
        Assert.Equal(manifest, (await host.WaitAsync(again.Id, TransferJobState.Transferred)).Files[0].Manifest);

        // Bad answers only: Error.
        await HashedOrigin.ForgetChunksAsync(host, manifest);
        (asked, corrupt) = (0, int.MaxValue);
        var never = await host.CreateAsync(server.Location + "disk.raw", request => request with { Files = [new TransferFileRequest { Manifest = hashed }] });
        var failed = await host.WaitAsync(never.Id, TransferJobState.Error);

        Assert.Equal(TransferErrors.BadData, failed.Failure!.Code);
        Assert.Contains("at offset", failed.Failure.Where, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Source_ChangesUnderTheTransfer_EndsInError_NeverMixed(bool ignoresIfRange)
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        server.Behave = request =>
        {
            if (request > 3)
            {
                server.ETag = "\"v2\"";
            }

            return request > 3 && ignoresIfRange ? Misbehaviour.IgnoresRange : null;
        };

        var job = await host.CreateAsync(server.Location + "disk.raw", destination: "disk.raw");
        var failed = await host.WaitAsync(job.Id, TransferJobState.Error);

        Assert.Equal(DiskImageErrors.SourceChanged, failed.Failure!.Code);
        Assert.False(File.Exists(Path.Combine(host.Library, "disk.raw")));
    }

    [Fact]
    public async Task NoProgress_ForTooLong_EndsInError()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync(("Ferry:Transfer:NoProgress", "00:00:01"));
        server.Behave = _ => Misbehaviour.Unavailable;

        var job = await host.CreateAsync(server.Location + "disk.raw");
        var failed = await host.WaitAsync(job.Id, TransferJobState.Error);

        Assert.Equal(DiskImageErrors.InputOutput, failed.Failure!.Code);
        Assert.InRange(failed.Retries, 2, 100);
        Assert.Contains(TransferJobState.TransientError, host.StatesOf(job.Id));
    }

    [Fact]
    public async Task Source_DoesNotKnowRanges_EndsInError()
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        server.Behave = _ => Misbehaviour.IgnoresRange;

        var job = await host.CreateAsync(server.Location + "disk.raw");

        Assert.Equal(TransferErrors.NoRanges, (await host.WaitAsync(job.Id, TransferJobState.Error)).Failure!.Code);
    }

    [Theory]
    [InlineData(0d, null)]
    [InlineData(10d, 20d)]
    public async Task NoProgress_LessThanTheRetryDelay_EveryErrorIsFinal(double noProgress, double? minimumRetry)
    {
        await using var server = await ImageServer.StartAsync(Content);
        await using var host = await TransferHost.StartAsync();
        server.Behave = _ => Misbehaviour.Unavailable;

        var job = await host.CreateAsync(server.Location + "disk.raw", request => request with { NoProgressSeconds = noProgress, MinimumRetrySeconds = minimumRetry });
        var failed = await host.WaitAsync(job.Id, TransferJobState.Error);

        Assert.Equal(0, failed.Retries);
        Assert.Equal(1, server.Requests);
    }

    [Fact]
    public async Task Esxi_DatastoreFolder_IsReadWithItsCredential_WhichIsSeenNowhere()
    {
        await using var server = await ImageServer.StartAsync(Content);
        server.Wanted = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("root:hush!"));
        await using var host = await TransferHost.StartAsync(
            ("Ferry:Sources:Credentials:esx1:UserName", "root"), ("Ferry:Sources:Credentials:esx1:Password", "hush!"),
            ("Ferry:Sources:Credentials:esx1:Hosts:0", server.Host), ("Ferry:Sources:Credentials:esx1:AllowHttp", "true"));

        var url = $"http://{server.Host}/folder/vm/disk-flat.vmdk?dcPath=ha-datacenter&dsName=datastore1";
        var job = await host.CreateAsync(url, request => request with { Credential = "esx1" });
        var arrived = await host.WaitAsync(job.Id, TransferJobState.Transferred);

        Assert.Equal(Content.Length, arrived.Counters.BytesDone);
        Assert.All(server.Asked, asked => Assert.Equal((server.Wanted, "?dcPath=ha-datacenter&dsName=datastore1"), asked));
        Assert.Equal($"http://{server.Host}/folder/vm/disk-flat.vmdk", arrived.Files[0].Source);
        var seen = System.Text.Json.JsonSerializer.Serialize(arrived) + string.Join('\n', host.Logged)
            + System.Text.Json.JsonSerializer.Serialize<object[]>([.. host.Events.Messages]);
        foreach (var secret in new[] { "hush!", server.Wanted[6..] })
        {
            Assert.DoesNotContain(secret, seen, StringComparison.Ordinal);
            Assert.Equal(-1, (await File.ReadAllBytesAsync(host.Database, TestContext.Current.CancellationToken)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(secret)));
        }
    }

    [Fact]
    public async Task Credential_WrongOrForAnotherHost_EndsInError()
    {
        await using var server = await ImageServer.StartAsync(Content);
        server.Wanted = "Basic other";
        await using var host = await TransferHost.StartAsync(
            ("Ferry:Sources:Credentials:wrong:Password", "hush!"), ("Ferry:Sources:Credentials:wrong:Hosts:0", server.Host), ("Ferry:Sources:Credentials:wrong:AllowHttp", "true"),
            ("Ferry:Sources:Credentials:elsewhere:Password", "hush!"), ("Ferry:Sources:Credentials:elsewhere:Hosts:0", "other.example"));

        foreach (var (name, code) in new[] { ("wrong", TransferErrors.Denied), ("elsewhere", TransferErrors.CredentialUnusable), ("none", TransferErrors.CredentialUnusable) })
        {
            var job = await host.CreateAsync(server.Location + "disk.raw", request => request with { Credential = name });
            Assert.Equal(code, (await host.WaitAsync(job.Id, TransferJobState.Error)).Failure!.Code);
        }

        Assert.All(server.Asked, asked => Assert.Contains("Basic", asked.Authorization, StringComparison.Ordinal));
    }

    private static byte[] Bytes()
    {
        var bytes = new byte[(5 << 20) + 77];
        new Random(2).NextBytes(bytes);
        return bytes;
    }
}
