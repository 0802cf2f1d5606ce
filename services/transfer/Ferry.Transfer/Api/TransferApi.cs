using Ferry.Contracts.Transfer;
using Ferry.Transfer.Bandwidth;
using Ferry.Transfer.Jobs;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ferry.Transfer.Api;

/// <summary>The endpoints of transfer jobs and limits behind the gateway.</summary>
public static class TransferApi
{
    /// <summary>Maps the routes below <c>/api/v1/transfers</c> and <c>/api/v1/limits</c>.</summary>
    public static IEndpointRouteBuilder MapTransferApi(this IEndpointRouteBuilder routes)
    {
        var transfers = routes.MapGroup("/api/v1/transfers").WithTags("Transfers");
        transfers.MapPost("/", CreateAsync).WithName("CreateTransfer")
            .WithSummary("Makes a transfer job with the id of the request; the same request again is the same job (200), another one with its id is refused (409).");
        transfers.MapGet("/", ListAsync).WithName("ListTransfers").WithSummary("Transfer jobs, the newest first; also those that work for a conversion.");
        transfers.MapGet("/{id:guid}", GetAsync).WithName("GetTransfer").WithSummary("One transfer job.");
        MapAction(transfers, "suspend", TransferTrigger.Suspend, "Stops a job; what has arrived is kept.");
        MapAction(transfers, "resume", TransferTrigger.Resume, "Lets a suspended job go on, or one in Error or TransientError try again at once, behind what has arrived.");
        MapAction(transfers, "cancel", TransferTrigger.Cancel, "Gives a job up and removes what it made.");
        MapAction(transfers, "acknowledge", TransferTrigger.Acknowledge, "Takes a job's result over; of a job in Error, the files that are complete.");
        transfers.MapPost("/{id:guid}/priority", PriorityAsync).WithName("SetTransferPriority").WithSummary("Sets a job's priority, also while it runs.");

        transfers.MapUploads();

        var limits = routes.MapGroup("/api/v1/limits").WithTags("Limits");
        limits.MapGet("/", GetLimitsAsync).WithName("GetLimits").WithSummary("The limits of bandwidth and connections.");
        limits.MapPut("/", SetLimitsAsync).WithName("SetLimits")
            .WithSummary("Replaces the limits, if their revision is the stored one (409 else; revision 0 replaces in any case). Effective within a second.");
        return routes;
    }

    private static void MapAction(RouteGroupBuilder transfers, string action, TransferTrigger trigger, string summary) => transfers
        .MapPost(
            $"/{{id:guid}}/{action}",
            async Task<Results<Ok<TransferJobView>, NotFound, ProblemHttpResult>> (Guid id, TransferJobs jobs, CancellationToken cancellationToken) =>
            {
                try
                {
                    return await jobs.ActAsync(id, trigger, cancellationToken) is { } job ? TypedResults.Ok(job.ToView()) : TypedResults.NotFound();
                }
                catch (TransferTransitionException exception)
                {
                    return Conflict(TransferErrors.WrongState, $"{exception.Message} What its conversion decides about is done at the conversion.");
                }
            })
        .WithName($"{char.ToUpperInvariant(action[0])}{action[1..]}Transfer")
        .WithSummary($"{summary} A repeat is harmless; what is not possible in the job's state is refused (409).")
        .ProducesProblem(StatusCodes.Status409Conflict);

    private static async Task<Results<Created<TransferJobView>, Ok<TransferJobView>, ValidationProblem, ProblemHttpResult>> CreateAsync(
        TransferJobRequest request, TransferJobs jobs, CancellationToken cancellationToken)
    {
        if (TransferRequestValidator.Validate(request) is { Count: > 0 } errors)
        {
            return TypedResults.ValidationProblem(errors);
        }

        var (job, created) = await jobs.CreateAsync(request, cancellationToken);
        return job is null ? Conflict(TransferErrors.IdTaken, "The id belongs to another transfer job.")
            : created ? TypedResults.Created($"/api/v1/transfers/{request.Id}", job.ToView())
            : TypedResults.Ok(job.ToView());
    }

    private static async Task<Ok<TransferJobPage>> ListAsync(
        TransferJobs jobs, CancellationToken cancellationToken, Guid? conversionId = null, TransferJobState? state = null, int skip = 0, int limit = 100)
    {
        var (total, page) = await jobs.ListAsync(conversionId, state, Math.Max(0, skip), Math.Clamp(limit, 1, 1000), cancellationToken);
        return TypedResults.Ok(new TransferJobPage { Total = total, Transfers = [.. page.Select(job => job.ToView())] });
    }

    private static async Task<Results<Ok<TransferJobView>, NotFound>> GetAsync(Guid id, TransferJobs jobs, CancellationToken cancellationToken) =>
        await jobs.GetAsync(id, cancellationToken) is { } job ? TypedResults.Ok(job.ToView()) : TypedResults.NotFound();

    private static async Task<Results<Ok<TransferJobView>, NotFound, ValidationProblem>> PriorityAsync(
        Guid id, TransferPriorityRequest request, TransferJobs jobs, CancellationToken cancellationToken) =>
        !Enum.IsDefined(request.Priority) ? TypedResults.ValidationProblem(new Dictionary<string, string[]> { ["priority"] = ["priority is not known."] })
        : await jobs.SetPriorityAsync(id, request.Priority, cancellationToken) is { } job ? TypedResults.Ok(job.ToView())
        : TypedResults.NotFound();

    private static async Task<Ok<TransferLimits>> GetLimitsAsync(LimitsStore limits, CancellationToken cancellationToken) =>
        TypedResults.Ok(await limits.GetAsync(cancellationToken));

    private static async Task<Results<Ok<TransferLimits>, ProblemHttpResult>> SetLimitsAsync(
        TransferLimits request, LimitsStore limits, LimitsKeeper keeper, TransferJobs jobs, CancellationToken cancellationToken)
    {
        try
        {
            if (await limits.SetAsync(request, cancellationToken) is not { } stored)
            {
                return Conflict(TransferErrors.LimitsChanged, "Somebody else has changed the limits meanwhile; read them again.");
            }

            await keeper.RefreshAsync(cancellationToken);
            await jobs.WakeParkedAsync(cancellationToken);
            return TypedResults.Ok(stored);
        }
        catch (BandwidthFormatException exception)
        {
            return Problem(StatusCodes.Status400BadRequest, TransferErrors.LimitsInvalid, exception.Message);
        }
    }

    private static ProblemHttpResult Conflict(string code, string detail) => Problem(StatusCodes.Status409Conflict, code, detail);

    private static ProblemHttpResult Problem(int status, string code, string detail) =>
        TypedResults.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["code"] = code });
}
