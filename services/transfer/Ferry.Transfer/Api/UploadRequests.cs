using System.Globalization;
using Ferry.Chunks.Store;
using Ferry.Chunks.Uploads;
using Ferry.Transfer.Bandwidth;
using Ferry.Transfer.Jobs;
using Ferry.Transfer.Uploads;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Api;

/// <summary>What the requests of uploads have in common: who is let in, how the body may be read, and what a refusal looks like.</summary>
public sealed class UploadRequests(
    UploadJobs jobs, UploadSessions sessions, BandwidthScheduler scheduler, IOptions<TransferOptions> options, TimeProvider time, ILogger<UploadRequests> logger)
{
    private static readonly TimeSpan StoreAway = TimeSpan.FromSeconds(5);

    /// <summary>The jobs.</summary>
    public UploadJobs Jobs => jobs;

    /// <summary>Whether the body is a zstd frame.</summary>
    /// <exception cref="UploadRefusedException">It is encoded otherwise.</exception>
    internal static bool IsCompressed(HttpRequest request)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        return encoding switch
        {
            "" or "identity" => false,
            ChunkBody.Zstd => true,
            _ => throw new UploadRefusedException(StatusCodes.Status415UnsupportedMediaType, TransferErrors.UploadBodyInvalid, "A chunk is sent as it is, or as one zstd frame."),
        };
    }

    /// <summary>Serves a request without a body that matters.</summary>
    internal async Task<IResult> AnswerAsync(Guid id, Func<Task<IResult>> answer)
    {
        try
        {
            return await answer();
        }
        catch (UploadRefusedException refused)
        {
            return Refusal(id, refused);
        }
        catch (ChunkStoreException exception)
        {
            return Refusal(id, new UploadRefusedException(StatusCodes.Status503ServiceUnavailable, exception.Code, exception.Message, StoreAway, exception));
        }
        catch (BadHttpRequestException exception)
        {
            return Refusal(id, new UploadRefusedException(exception.StatusCode, TransferErrors.UploadBodyInvalid, "The body broke off, or is longer than it may be.", inner: exception));
        }
    }

    /// <summary>Serves a request that sends something: the body is read within the limits of its job.</summary>
    /// <param name="context">The request.</param>
    /// <param name="id">The job.</param>
    /// <param name="file">Index of the file.</param>
    /// <param name="atMost">Bytes that the body may have; null: those of a chunk of the file.</param>
    /// <param name="serve">Does it.</param>
    internal Task<IResult> SendAsync(HttpContext context, Guid id, int file, int? atMost, Func<UploadFile, UploadBody, UploadSession, Task<IResult>> serve) => AnswerAsync(id, async () =>
    {
        var found = await jobs.OpenAsync(id, file, context.RequestAborted);
        var most = atMost ?? ChunkBody.MaxLength(found.ChunkSize);
        if (context.Request.ContentLength > most)
        {
            throw new UploadRefusedException(StatusCodes.Status413PayloadTooLarge, TransferErrors.UploadBodyInvalid, $"The body is longer than the {most} bytes that it may have.");
        }

        var session = await sessions.EnterAsync(found.Job, context.RequestAborted);
        try
        {
            var body = new UploadBody(context.Request.Body, most, session, scheduler, () => jobs.ThrowIfParked(found.Job), options.Value.IdleTimeout, time);
            await using (body)
            {
                return await serve(found, body, session);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested)
        {
            return TypedResults.Empty; // The client went away; it sends that again.
        }
        finally
        {
            sessions.Leave(session);
        }
    });

    private IResult Refusal(Guid id, UploadRefusedException refused)
    {
        if (refused.RetryAfter is null)
        {
            Log.UploadRefused(logger, TransferJobDocument.IdOf(id), refused.Code);
        }

        var problem = TypedResults.Problem(refused.Message, statusCode: refused.Status, extensions: new Dictionary<string, object?> { ["code"] = refused.Code });
        return refused.RetryAfter is { } wait ? new RetryLater(problem, wait) : problem;
    }

    private sealed class RetryLater(IResult problem, TimeSpan wait) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.Headers.RetryAfter = Math.Ceiling(Math.Max(1, wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return problem.ExecuteAsync(httpContext);
        }
    }
}
