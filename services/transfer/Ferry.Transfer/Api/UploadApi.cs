using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Chunks.Uploads;
using Ferry.Contracts.Transfer;
using Ferry.Transfer.Bandwidth;
using Ferry.Transfer.Jobs;
using Ferry.Transfer.Uploads;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Api;

/// <summary>The endpoints with which the client of an upload sends a disk (docs/transfers.md, Uploads). Nothing that comes in is trusted.</summary>
public static class UploadApi
{
    /// <summary>The largest chunk of an upload.</summary>
    public const int MaxChunkSize = 16 << 20;

    private const string Binary = "application/octet-stream";

    /// <summary>Maps the routes below <c>/api/v1/transfers/{id}/files</c>.</summary>
    public static void MapUploads(this RouteGroupBuilder transfers)
    {
        ArgumentNullException.ThrowIfNull(transfers);
        var files = transfers.MapGroup("/{id:guid}/files/{file:int}");
        files.MapGet("/pages", ListAsync).WithName("ListUploadPages")
            .WithSummary("The pages of an upload's file that the server knows, at most 1,000 from the page 'from' on: a client that restarts learns where it is.");
        Describe(files.MapPut("/pages/{page:int}", PutPageAsync), ManifestPageCodec.MaxSize).WithName("PutUploadPage")
            .Accepts<Stream>(Binary).Produces<byte[]>(StatusCodes.Status200OK, Binary)
            .WithSummary("Negotiates a page of up to 65,536 chunks: the body is the page (docs/formats/manifest.md), the answer one bit for each chunk, 1 for those that are to be sent. A repeat is harmless.");
        Describe(files.MapGet("/pages/{page:int}", GetPageAsync), null).WithName("GetUploadPage").Produces<byte[]>(StatusCodes.Status200OK, Binary)
            .WithSummary("A page as it was sent.");
        Describe(files.MapGet("/pages/{page:int}/missing", GetMissingAsync), null).WithName("GetUploadMissing").Produces<byte[]>(StatusCodes.Status200OK, Binary)
            .WithSummary("What of a page that was sent is missing now: one bit for each chunk.");
        Describe(files.MapPut("/chunks/{chunk}", PutChunkAsync), ChunkBody.MaxLength(MaxChunkSize)).WithName("PutUploadChunk").Accepts<Stream>(Binary)
            .Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status507InsufficientStorage)
            .WithSummary(
                "One chunk that was asked for, as it is or as one zstd frame (Content-Encoding: zstd), under its id and with its index. It is verified and durable before the answer; "
                + "a repeat is harmless. 422: the bytes do not match the id. 429, 503, 507: later, see Retry-After.");
        Describe(files.MapPost("/complete", CompleteAsync), null).WithName("CompleteUploadFile").Produces<TransferJobView>()
            .WithSummary("Makes the file's manifest when every chunk is there (409 with what is missing, else). The job is Transferred when all its files are complete. A repeat is harmless.");
    }

    private static RouteHandlerBuilder Describe(RouteHandlerBuilder route, int? atMost)
    {
        route.ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status503ServiceUnavailable);
        return atMost is { } bytes ? route.WithMetadata(new RequestSizeLimitAttribute(bytes)) : route;
    }

    private static Task<IResult> ListAsync(Guid id, int file, UploadRequests requests, UploadNegotiation negotiation, CancellationToken cancellationToken, int from = 0) =>
        requests.AnswerAsync(id, async () =>
        {
            var found = await requests.Jobs.FindAsync(id, file, cancellationToken);
            return TypedResults.Ok(await negotiation.ListAsync(found, from, cancellationToken));
        });

    private static Task<IResult> PutPageAsync(Guid id, int file, int page, HttpContext context, UploadRequests requests, UploadNegotiation negotiation, CancellationToken cancellationToken) =>
        requests.SendAsync(context, id, file, ManifestPageCodec.MaxSize, async (found, body, _) =>
        {
            using var bytes = new MemoryStream();
            await body.CopyToAsync(bytes, cancellationToken);
            return TypedResults.Bytes(await negotiation.PutAsync(found, page, bytes.GetBuffer().AsMemory(0, (int)bytes.Length), cancellationToken), Binary);
        });

    private static Task<IResult> GetPageAsync(Guid id, int file, int page, UploadRequests requests, UploadNegotiation negotiation, CancellationToken cancellationToken) =>
        requests.AnswerAsync(id, async () =>
        {
            var found = await requests.Jobs.FindAsync(id, file, cancellationToken);
            return TypedResults.Bytes(await negotiation.PageAsync(found, page, cancellationToken), Binary);
        });

    private static Task<IResult> GetMissingAsync(Guid id, int file, int page, UploadRequests requests, UploadNegotiation negotiation, CancellationToken cancellationToken) =>
        requests.AnswerAsync(id, async () =>
        {
            var found = await requests.Jobs.FindAsync(id, file, cancellationToken);
            return TypedResults.Bytes(await negotiation.MissingAsync(found, page, cancellationToken), Binary);
        });

    private static Task<IResult> PutChunkAsync(
        Guid id, int file, string chunk, long index, HttpContext context, UploadRequests requests, UploadNegotiation negotiation, UploadChunks chunks, CancellationToken cancellationToken) =>
        requests.SendAsync(context, id, file, null, async (found, body, session) =>
        {
            var compressed = UploadRequests.IsCompressed(context.Request);
            var asked = await chunks.CheckAsync(found, index, chunk, cancellationToken);
            await chunks.PutAsync(found, index, asked, body, compressed, session, cancellationToken);
            return TypedResults.NoContent();
        });

    private static Task<IResult> CompleteAsync(Guid id, int file, HttpContext context, UploadRequests requests, UploadCompletion completion, CancellationToken cancellationToken) =>
        requests.AnswerAsync(id, async () =>
        {
            var found = await requests.Jobs.FindAsync(id, file, cancellationToken);
            found = found.Done ? found : await requests.Jobs.OpenAsync(id, file, cancellationToken);
            var (job, incomplete) = await completion.CompleteAsync(found, cancellationToken);
            return incomplete is not null
                ? TypedResults.Problem(
                    $"{incomplete.UnknownPages.Count} pages and {incomplete.MissingChunks} chunks of the file are missing; send them.",
                    statusCode: StatusCodes.Status409Conflict,
                    extensions: new Dictionary<string, object?> { ["code"] = TransferErrors.UploadIncomplete, ["incomplete"] = incomplete })
                : job is null ? TypedResults.NotFound() : TypedResults.Ok(job.ToView());
        });
}
