using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ferry.Chunks;
using Ferry.Chunks.Disks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Chunks.Uploads;
using Ferry.Contracts.Transfer;
using Ferry.DiskImages;
using Ferry.Hosting.Documents;
using Ferry.Transfer.Tests.Jobs;

namespace Ferry.Transfer.Tests.Uploads;

/// <summary>The client of an upload, as tests want it: the real one, and single requests that it would not send.</summary>
internal sealed class UploadClient(TransferHost host) : IDisposable
{
    private readonly HttpClient http = new() { Timeout = Timeout.InfiniteTimeSpan };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TransferJobRequest Request(params long[] sizes) => new()
    {
        Id = Guid.NewGuid(),
        Name = "machine",
        Type = TransferJobType.Upload,
        Files = [.. sizes.Select((size, i) => new TransferFileRequest { Name = $"disk {i}", Size = size, ChunkSize = MemoryDisk.ChunkSize })],
    };

    public async Task<Guid> CreateAsync(Func<TransferJobRequest, TransferJobRequest>? change, params long[] sizes)
    {
        var request = change is null ? Request(sizes) : change(Request(sizes));
        var (status, body) = await host.PostAsync("/api/v1/transfers", request);
        Assert.True(status == HttpStatusCode.Created, body.ToString());
        return request.Id;
    }

    public Task<Guid> CreateAsync(params long[] sizes) => CreateAsync(null, sizes);

    /// <summary>Sends a disk with the real client.</summary>
    public static async Task<DiskUploadResult> SendAsync(
        TransferHost host, IDiskImageReader disk, Guid job, int file = 0, IProgress<DiskUploadProgress>? progress = null, HttpMessageHandler? handler = null, CancellationToken? token = null)
    {
        using var client = handler is null ? new HttpClient() : new HttpClient(handler, disposeHandler: false);
        (client.BaseAddress, client.Timeout) = (host.Address, Timeout.InfiniteTimeSpan);
        var options = new DiskUploadOptions { ChunkSize = MemoryDisk.ChunkSize, MinimumRetry = TimeSpan.FromMilliseconds(20), MaximumRetry = TimeSpan.FromMilliseconds(200) };
        return await new DiskUploader(client, options, TimeProvider.System).SendAsync(disk, [], job, file, progress, token ?? Token);
    }

    public async Task<(HttpStatusCode Status, byte[] Body, string? Code, TimeSpan? RetryAfter)> PutAsync(Guid job, string path, HttpContent body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, Url(job, path)) { Content = body };
        return await SendAsync(request);
    }

    public async Task<(HttpStatusCode Status, byte[] Body, string? Code, TimeSpan? RetryAfter)> GetAsync(Guid job, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Url(job, path));
        return await SendAsync(request);
    }

    public async Task<(HttpStatusCode Status, byte[] Body, string? Code, TimeSpan? RetryAfter)> CompleteAsync(Guid job, int file = 0)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Url(job, $"files/{file}/complete"));
        return await SendAsync(request);
    }

    public Task<(HttpStatusCode Status, byte[] Body, string? Code, TimeSpan? RetryAfter)> PutPageAsync(Guid job, ManifestEntry[] entries, int file = 0, int page = 0) =>
        PutAsync(job, $"files/{file}/pages/{page}", new ByteArrayContent(ManifestPageCodec.Write(entries)));

    public Task<(HttpStatusCode Status, byte[] Body, string? Code, TimeSpan? RetryAfter)> PutChunkAsync(
        Guid job, long index, ReadOnlyMemory<byte> bytes, ChunkId? id = null, string? encoding = null, int file = 0)
    {
        var content = new ReadOnlyMemoryContent(bytes);
        if (encoding is not null)
        {
            content.Headers.ContentEncoding.Add(encoding);
        }

        return PutAsync(job, $"files/{file}/chunks/{id ?? ChunkId.Of(bytes.Span)}?index={index}", content);
    }

    public async Task<UploadPageList> PagesAsync(Guid job, int file = 0) =>
        (await http.GetFromJsonAsync<UploadPageList>(Url(job, $"files/{file}/pages"), DocumentJson.Options, Token))!;

    /// <summary>The bytes that a manifest of the host's store describes.</summary>
    public static async Task<byte[]> ReadAsync(TransferHost host, string root)
    {
        using var store = new FolderChunkStore(host.Chunks);
        var manifests = new ManifestStore(store);
        var manifest = await manifests.OpenAsync(ChunkId.Parse(root), Token);
        await using var disk = new ManifestDisk(manifests, manifest, new LocalOriginOpener());
        var bytes = new byte[manifest.Header.Size];
        await disk.ReadAsync(0, bytes, Token);
        return bytes;
    }

    public static ManifestEntry[] Entries(MemoryDisk disk)
    {
        var entries = new ManifestEntry[(disk.Content.Length + MemoryDisk.ChunkSize - 1) / MemoryDisk.ChunkSize];
        for (var i = 0; i < entries.Length; i++)
        {
            var chunk = Chunk(disk, i);
            entries[i] = chunk.Span.ContainsAnyExcept((byte)0) ? new ManifestEntry(ChunkState.Stored, ChunkId.Of(chunk.Span)) : default;
        }

        return entries;
    }

    public static ReadOnlyMemory<byte> Chunk(MemoryDisk disk, int index) =>
        disk.Content.AsMemory(index * MemoryDisk.ChunkSize, Math.Min(MemoryDisk.ChunkSize, disk.Content.Length - (index * MemoryDisk.ChunkSize)));

    public void Dispose() => http.Dispose();

    private Uri Url(Guid job, string path) => new(host.Address, $"/api/v1/transfers/{job}/{path}");

    private async Task<(HttpStatusCode Status, byte[] Body, string? Code, TimeSpan? RetryAfter)> SendAsync(HttpRequestMessage request)
    {
        using var response = await http.SendAsync(request, Token);
        var body = await response.Content.ReadAsByteArrayAsync(Token);
        string? code = null;
        if (!response.IsSuccessStatusCode && body.Length > 0)
        {
            using var problem = JsonDocument.Parse(body);
            code = problem.RootElement.TryGetProperty("code", out var value) ? value.GetString() : null;
        }

        return (response.StatusCode, body, code, response.Headers.RetryAfter?.Delta);
    }
}
