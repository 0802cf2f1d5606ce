using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Ferry.Contracts.Transfer;
using Ferry.Hosting.Documents;

namespace Ferry.EndToEnd.Tests.Distributed;

/// <summary>Uploads through the gateway, by a client that is written from docs/transfers.md alone.</summary>
public sealed class DistributedUploadTests
{
    private const int Chunk = 16 << 20;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Tier", "all")]
    public async Task LargestChunks_PassTheGateway_AndTheCommandSendsOnlyWhatIsMissing()
    {
        await using var ferry = await DistributedFerry.StartAsync();
        var content = new byte[Chunk + 512];
        new Random(5).NextBytes(content);
        var id = Guid.NewGuid();
        var request = new TransferJobRequest
        {
            Id = id, Name = "machine", Type = TransferJobType.Upload, Files = [new TransferFileRequest { Name = "disk", Size = content.Length, ChunkSize = Chunk }],
        };
        using var created = await ferry.Gateway.PostAsJsonAsync("/api/v1/transfers", request, DocumentJson.Options, Token);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        byte[][] ids = [SHA256.HashData(content.AsSpan(0, Chunk)), SHA256.HashData(content.AsSpan(Chunk))];

        using var negotiated = await ferry.Gateway.PutAsync(new Uri($"/api/v1/transfers/{id}/files/0/pages/0", UriKind.Relative), new ByteArrayContent(Page(ids)), Token);
        Assert.Equal([0b11], await negotiated.Content.ReadAsByteArrayAsync(Token));
        for (var i = 0; i < 2; i++)
        {
            using var put = await ferry.Gateway.PutAsync(
                new Uri($"/api/v1/transfers/{id}/files/0/chunks/{Convert.ToHexStringLower(ids[i])}?index={i}", UriKind.Relative),
                new ByteArrayContent(content, i * Chunk, Math.Min(Chunk, content.Length - (i * Chunk))),
                Token);
            Assert.True(put.StatusCode == HttpStatusCode.NoContent, $"{put.StatusCode}: {await put.Content.ReadAsStringAsync(Token)}\n{ferry.Logs()}");
        }

        using var completed = await ferry.Gateway.PostAsync(new Uri($"/api/v1/transfers/{id}/files/0/complete", UriKind.Relative), null, Token);
        var job = (await completed.Content.ReadFromJsonAsync<TransferJobView>(DocumentJson.Options, Token))!;
        Assert.Equal((TransferJobState.Transferred, content.Length), (job.State, job.Counters.BytesMoved));
        Assert.NotNull(job.Files[0].Manifest);

        var chunk = new Uri($"/api/v1/transfers/{id}/files/0/chunks/{Convert.ToHexStringLower(ids[0])}?index=0", UriKind.Relative);
        using var late = await ferry.Gateway.PutAsync(chunk, new ByteArrayContent(content, 0, Chunk), Token);
        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        Assert.Contains("TRANSFER_WRONG_STATE", await late.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        // What is longer than any chunk may be is not even read: the gateway may see no more of that than a connection that was closed.
        using var tooLong = await ferry.Gateway.PutAsync(chunk, new ByteArrayContent(new byte[25 << 20]), Token);
        Assert.Contains(tooLong.StatusCode, new[] { HttpStatusCode.Conflict, HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadGateway });

        var image = ferry.File("disk.raw");
        await File.WriteAllBytesAsync(image, content, Token);
        var key = ferry.File("key");
        await File.WriteAllTextAsync(key, ferry.Gateway.DefaultRequestHeaders.GetValues("X-Api-Key").Single(), Token);
        var uploaded = await Commands.FerryAsync("transfer", "upload", image, "-f", "raw", "--server", ferry.Gateway.BaseAddress!.AbsoluteUri, "--api-key-file", key);
        Assert.True(uploaded.ExitCode == 0, $"{uploaded}\n{ferry.Logs()}");
        Assert.Contains("Transferred", uploaded.Output, StringComparison.Ordinal);
    }

    // docs/formats/manifest.md: one run of entries that have an id.
    private static byte[] Page(byte[][] ids)
    {
        var page = new byte[16 + 4 + (ids.Length * 32)];
        "FERRYMP1"u8.CopyTo(page);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(8), ids.Length);
        BinaryPrimitives.WriteInt32LittleEndian(page.AsSpan(12), 1);
        page[16] = 2;
        BinaryPrimitives.WriteUInt16LittleEndian(page.AsSpan(18), (ushort)(ids.Length - 1));
        for (var i = 0; i < ids.Length; i++)
        {
            ids[i].CopyTo(page, 20 + (i * 32));
        }

        return page;
    }
}
