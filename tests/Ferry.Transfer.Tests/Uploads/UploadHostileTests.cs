using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Transfer;
using Ferry.Transfer.Tests.Jobs;
using ZstdSharp;

namespace Ferry.Transfer.Tests.Uploads;

/// <summary>What an untrusted client may send: it is refused with a code, nothing of it is stored, and the upload can still go on.</summary>
public sealed class UploadHostileTests : IAsyncLifetime
{
    private readonly MemoryDisk disk = MemoryDisk.Create(7, chunks: 6);
    private TransferHost host = null!;
    private UploadClient client = null!;
    private Guid job;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        host = await TransferHost.StartAsync(("Ferry:Transfer:MaxBadAnswers", "3"));
        client = new UploadClient(host);
        job = await client.CreateAsync(disk.Capacity, disk.Capacity);
        Assert.Equal(HttpStatusCode.OK, (await client.PutPageAsync(job, UploadClient.Entries(disk))).Status);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task Chunk_WithOtherBytes_IsRefused_AndAClientThatKeepsDoingItEndsInError()
    {
        var good = UploadClient.Chunk(disk, 1);
        var wrong = good.ToArray();
        wrong[100] ^= 1;
        await IsRefusedAsync(await client.PutChunkAsync(job, 1, wrong, ChunkId.Of(good.Span)), HttpStatusCode.UnprocessableEntity, "CHUNK_MISMATCH");
        await IsRefusedAsync(await client.PutChunkAsync(job, 1, good[..^1], ChunkId.Of(good.Span)), HttpStatusCode.UnprocessableEntity, "CHUNK_MISMATCH");
        Assert.Equal(HttpStatusCode.NoContent, (await client.PutChunkAsync(job, 1, good)).Status);
        Assert.Contains(host.Logged, line => line.Contains("the client sent other bytes for chunk 1", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NoContent, (await client.PutChunkAsync(job, 1, good)).Status);

        for (var i = 0; i < 3; i++)
        {
            await client.PutChunkAsync(job, 2, wrong, ChunkId.Of(UploadClient.Chunk(disk, 2).Span));
        }

        var view = await host.WaitAsync(job, TransferJobState.Error);
        Assert.Equal("SOURCE_BAD_DATA", view.Failure!.Code);
        Assert.Contains($"disk 0 at offset {2 * MemoryDisk.ChunkSize}", view.Failure.Where, StringComparison.Ordinal);
        Assert.Equal("TRANSFER_WRONG_STATE", (await client.PutChunkAsync(job, 2, UploadClient.Chunk(disk, 2))).Code);
        await host.ActAsync(job, "resume");
        Assert.Equal(HttpStatusCode.NoContent, (await client.PutChunkAsync(job, 2, UploadClient.Chunk(disk, 2))).Status);
    }

    [Fact]
    public async Task Bodies_ThatAreTooLong_Bombs_AndFragments_AreRefused()
    {
        var good = UploadClient.Chunk(disk, 1);
        var id = ChunkId.Of(good.Span);
        await IsRefusedAsync(await client.PutChunkAsync(job, 1, new byte[MemoryDisk.ChunkSize * 2], id), HttpStatusCode.RequestEntityTooLarge, "UPLOAD_BODY_INVALID");
        await IsRefusedAsync(await client.PutAsync(job, $"files/0/chunks/{id}?index=1", new EndlessContent()), HttpStatusCode.UnprocessableEntity, "CHUNK_MISMATCH");
        using var compressor = new Compressor(3);
        var bomb = compressor.Wrap(new byte[256 << 20]).ToArray();
        Assert.True(bomb.Length < MemoryDisk.ChunkSize);
        await IsRefusedAsync(await client.PutChunkAsync(job, 1, bomb, id, "zstd"), HttpStatusCode.UnprocessableEntity, "CHUNK_MISMATCH");
        Assert.Equal(TransferJobState.Transferring, (await host.GetAsync<TransferJobView>($"/api/v1/transfers/{job}")).State);
        Assert.Equal(HttpStatusCode.NoContent, (await client.PutChunkAsync(job, 1, compressor.Wrap(good.Span).ToArray(), id, "zstd")).Status);

        var next = UploadClient.Chunk(disk, 2);
        var frame = compressor.Wrap(next.Span).ToArray();
        await IsRefusedAsync(await client.PutChunkAsync(job, 2, frame.AsMemory(0, frame.Length / 2), ChunkId.Of(next.Span), "zstd"), HttpStatusCode.UnprocessableEntity, "CHUNK_MISMATCH");
        await IsRefusedAsync(await client.PutChunkAsync(job, 2, new byte[] { 1, 2, 3 }, ChunkId.Of(next.Span), "zstd"), HttpStatusCode.UnprocessableEntity, "CHUNK_MISMATCH");
        await IsRefusedAsync(await client.PutChunkAsync(job, 2, next, null, "gzip"), HttpStatusCode.UnsupportedMediaType, "UPLOAD_BODY_INVALID");
    }

    [Fact]
    public async Task Bodies_ThatBreakOff_LeaveNothingBehind()
    {
        var good = UploadClient.Chunk(disk, 2);
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(host.Address.Host, host.Address.Port, Token);
            var head = $"PUT /api/v1/transfers/{job}/files/0/chunks/{ChunkId.Of(good.Span)}?index=2 HTTP/1.1\r\nHost: ferry\r\nContent-Length: {good.Length}\r\n\r\n";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Token);
            await socket.GetStream().WriteAsync(good[..(good.Length / 2)], Token);
        }

        Assert.Equal([0b111110], (await client.GetAsync(job, "files/0/pages/0/missing")).Body);
        Assert.Equal(HttpStatusCode.NoContent, (await client.PutChunkAsync(job, 2, good)).Status);
        Assert.DoesNotContain(host.Logged, line => line.Contains("unhandled", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Chunks_ThatWereNotAskedFor_AreRefused()
    {
        var good = UploadClient.Chunk(disk, 1);
        var stranger = new byte[MemoryDisk.ChunkSize];
        stranger[0] = 1;
        await IsRefusedAsync(await client.PutChunkAsync(job, 1, stranger), HttpStatusCode.Conflict, "UPLOAD_CHUNK_NOT_ASKED");
        await IsRefusedAsync(await client.PutChunkAsync(job, 2, good), HttpStatusCode.Conflict, "UPLOAD_CHUNK_NOT_ASKED");
        await IsRefusedAsync(await client.PutChunkAsync(job, 0, new byte[MemoryDisk.ChunkSize]), HttpStatusCode.Conflict, "UPLOAD_CHUNK_NOT_ASKED");
        await IsRefusedAsync(await client.PutChunkAsync(job, 6, good), HttpStatusCode.Conflict, "UPLOAD_CHUNK_NOT_ASKED");
        await IsRefusedAsync(await client.PutChunkAsync(job, -1, good), HttpStatusCode.Conflict, "UPLOAD_CHUNK_NOT_ASKED");
        await IsRefusedAsync(await client.PutAsync(job, "files/0/chunks/..%2f..%2fetc?index=1", new ReadOnlyMemoryContent(good)), HttpStatusCode.Conflict, "UPLOAD_CHUNK_NOT_ASKED");
        await IsRefusedAsync(await client.PutChunkAsync(job, 1, good, file: 1), HttpStatusCode.NotFound, "UPLOAD_PAGE_UNKNOWN");
        await IsRefusedAsync(await client.PutChunkAsync(job, 1, good, file: 2), HttpStatusCode.NotFound, "UPLOAD_FILE_UNKNOWN");
        await IsRefusedAsync(await client.PutChunkAsync(Guid.NewGuid(), 1, good), HttpStatusCode.NotFound, "TRANSFER_UNKNOWN");
    }

    [Fact]
    public async Task Pages_ThatAreNone_AreRefused()
    {
        var entries = UploadClient.Entries(disk);
        await IsRefusedAsync(await client.PutPageAsync(job, entries[1..]), HttpStatusCode.BadRequest, "UPLOAD_PAGE_INVALID");
        await IsRefusedAsync(await client.PutPageAsync(job, [.. entries, default]), HttpStatusCode.BadRequest, "UPLOAD_PAGE_INVALID");
        await IsRefusedAsync(await client.PutPageAsync(job, [new ManifestEntry(ChunkState.Origin), .. entries[1..]]), HttpStatusCode.BadRequest, "UPLOAD_PAGE_INVALID");
        await IsRefusedAsync(await client.PutPageAsync(job, entries, page: 1), HttpStatusCode.NotFound, "UPLOAD_PAGE_UNKNOWN");
        await IsRefusedAsync(await client.PutPageAsync(job, entries, page: -1), HttpStatusCode.NotFound, "UPLOAD_PAGE_UNKNOWN");
        await IsRefusedAsync(await client.PutAsync(job, "files/0/pages/0", new ByteArrayContent([1, 2, 3])), HttpStatusCode.BadRequest, "UPLOAD_PAGE_INVALID");
        await IsRefusedAsync(
            await client.PutAsync(job, "files/0/pages/0", new ByteArrayContent(new byte[ManifestPageCodec.MaxSize + 1])), HttpStatusCode.RequestEntityTooLarge, "UPLOAD_BODY_INVALID");
        await IsRefusedAsync(await client.GetAsync(job, "files/1/pages/0/missing"), HttpStatusCode.NotFound, "UPLOAD_PAGE_UNKNOWN");

        var again = await client.PutPageAsync(job, entries);
        Assert.Equal([0b111110], again.Body);
    }

    [Fact]
    public async Task Complete_SaysWhatIsMissing()
    {
        await client.PutChunkAsync(job, 1, UploadClient.Chunk(disk, 1));
        var lacking = await client.CompleteAsync(job);
        var incomplete = JsonDocument.Parse(lacking.Body).RootElement.GetProperty("incomplete");
        Assert.Equal((HttpStatusCode.Conflict, "UPLOAD_INCOMPLETE"), (lacking.Status, lacking.Code));
        Assert.Equal((4, 0), (incomplete.GetProperty("missingChunks").GetInt64(), incomplete.GetProperty("pagesWithMissing")[0].GetInt32()));
        Assert.Equal([0b111100], (await client.GetAsync(job, "files/0/pages/0/missing")).Body);
        Assert.Equal(4, (await client.PagesAsync(job)).Pages.Single().Missing);

        var unknown = await client.CompleteAsync(job, file: 1);
        Assert.Equal(0, JsonDocument.Parse(unknown.Body).RootElement.GetProperty("incomplete").GetProperty("unknownPages")[0].GetInt32());
    }

    [Theory]
    [InlineData(0L, null, null)]
    [InlineData((64L << 40) + 1, null, null)]
    [InlineData(1L << 20, 100_000, null)]
    [InlineData(1L << 20, 32 << 20, null)]
    [InlineData(1L << 20, null, 520)]
    [InlineData(64L << 40, 64 << 10, null)]
    public async Task Request_WithImpossibleNumbers_IsRefused(long size, int? chunkSize, int? sector)
    {
        var request = UploadClient.Request(1) with { Files = [new TransferFileRequest { Name = "disk", Size = size, ChunkSize = chunkSize, LogicalSectorSize = sector }] };
        Assert.Equal(HttpStatusCode.BadRequest, (await host.PostAsync("/api/v1/transfers", request)).Status);
    }

    [Fact]
    public async Task Request_WithASource_IsRefused_AndTheSameAgainIsTheSameJob()
    {
        var request = UploadClient.Request(1 << 20);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.PostAsync("/api/v1/transfers", request with { Files = [request.Files[0] with { Source = "http://x/y" }] })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.PostAsync("/api/v1/transfers", request with { Type = TransferJobType.Download })).Status);
        Assert.Equal(HttpStatusCode.Created, (await host.PostAsync("/api/v1/transfers", request)).Status);
        Assert.Equal(HttpStatusCode.OK, (await host.PostAsync("/api/v1/transfers", request)).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await host.PostAsync("/api/v1/transfers", request with { Files = [request.Files[0] with { Size = 2 << 20 }] })).Status);
    }

    private async Task IsRefusedAsync((HttpStatusCode Status, byte[] Body, string? Code, TimeSpan? RetryAfter) answer, HttpStatusCode status, string code)
    {
        Assert.Equal((status, code), (answer.Status, answer.Code));
        using var store = new FolderChunkStore(host.Chunks);
        Assert.False(await store.ContainsAsync(ChunkId.Of(UploadClient.Chunk(disk, 2).Span), Token));
    }

    // No length is announced, so that the server has to count.
    private sealed class EndlessContent : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var block = new byte[64 << 10];
            for (var i = 0; i < 64; i++)
            {
                try
                {
                    await stream.WriteAsync(block);
                }
                catch (IOException)
                {
                    return; // The server has heard enough.
                }
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
