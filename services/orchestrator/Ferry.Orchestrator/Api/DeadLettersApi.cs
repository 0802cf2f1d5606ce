using Ferry.Contracts.DeadLetters;
using Ferry.Orchestrator.DeadLetters;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ferry.Orchestrator.Api;

/// <summary>The REST API of messages that could not be consumed.</summary>
public static class DeadLettersApi
{
    /// <summary>Maps the routes below <c>/api/v1/dead-letters</c>.</summary>
    public static RouteGroupBuilder MapDeadLettersApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/dead-letters").WithTags("DeadLetters");
        group.MapGet("/", ListAsync).WithName("ListDeadLetters").WithSummary("Messages that could not be consumed, the newest first.");
        group.MapGet("/{id}", GetAsync).WithName("GetDeadLetter").WithSummary("One of them with the message; what could be a credential is masked.");
        group.MapPost("/{id}/retry", RetryAsync).WithName("RetryDeadLetter")
            .WithSummary("Takes the conversion that failed by it up again, or sends the message to its queue again. 409: neither would help.");
        return group;
    }

    private static async Task<Ok<DeadLetterPage>> ListAsync(DeadLetterBox box, CancellationToken cancellationToken, int skip = 0, int limit = 100) =>
        TypedResults.Ok(await box.ListAsync(Math.Max(0, skip), Math.Clamp(limit, 1, 1000), cancellationToken));

    private static async Task<Results<Ok<DeadLetterView>, NotFound>> GetAsync(string id, DeadLetterBox box, CancellationToken cancellationToken) =>
        await box.GetAsync(id, cancellationToken) is { } view ? TypedResults.Ok(view) : TypedResults.NotFound();

    private static async Task<Results<Ok<DeadLetterRetry>, Conflict<DeadLetterRetry>, NotFound>> RetryAsync(string id, DeadLetterBox box, CancellationToken cancellationToken) =>
        await box.RetryAsync(id, cancellationToken) switch
        {
            null => TypedResults.NotFound(),
            { Outcome: "refused" } refused => TypedResults.Conflict(refused),
            { } done => TypedResults.Ok(done),
        };
}
