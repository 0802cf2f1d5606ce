using Ferry.Contracts.Conversions;
using Ferry.Orchestrator.Conversions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ferry.Orchestrator.Api;

/// <summary>The REST API of conversions.</summary>
public static class ConversionsApi
{
    /// <summary>Maps the routes below <c>/api/v1/conversions</c>.</summary>
    public static RouteGroupBuilder MapConversionsApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/conversions").WithTags("Conversions");
        group.MapPost("/", SubmitAsync).WithName("SubmitConversion")
            .WithSummary("Begins a conversion. The header Idempotency-Key (a UUID) becomes its id, so that a repeated request is the same conversion.");
        group.MapGet("/", ListAsync).WithName("ListConversions").WithSummary("Conversions, the newest first.");
        group.MapGet("/{id:guid}", GetAsync).WithName("GetConversion").WithSummary("One conversion with its progress.");
        group.MapGet("/{id:guid}/report", ReportAsync).WithName("GetConversionReport").WithSummary("The report as of now.");
        group.MapPost("/{id:guid}/cancel", CancelAsync).WithName("CancelConversion").WithSummary("Stops a conversion and removes what it made.");
        group.MapPost("/{id:guid}/pause", PauseAsync).WithName("PauseConversion")
            .WithSummary("Holds a conversion: running work stops between slices within seconds, short steps finish first, no further step begins.");
        group.MapPost("/{id:guid}/resume", ResumeAsync).WithName("ResumeConversion").WithSummary("Lets a paused conversion go on behind what is proven.");
        group.MapPost("/{id:guid}/retry", RetryAsync).WithName("RetryConversion").WithSummary("Takes a failed conversion up again at the step that failed.");
        return group;
    }

    private static async Task<Results<Accepted<ConversionView>, ValidationProblem>> SubmitAsync(
        ConversionRequest request, HttpRequest http, ConversionCatalog conversions, TimeProvider time, CancellationToken cancellationToken)
    {
        var errors = ConversionRequestValidator.Validate(request);
        var id = Guid.CreateVersion7(time.GetUtcNow());
        if (http.Headers.TryGetValue("Idempotency-Key", out var key) && !Guid.TryParse(key, out id))
        {
            errors["idempotencyKey"] = ["The header Idempotency-Key has to be a UUID."];
        }

        if (errors.Count > 0)
        {
            return TypedResults.ValidationProblem(errors);
        }

        var view = await conversions.SubmitAsync(id, request, cancellationToken);
        return TypedResults.Accepted($"/api/v1/conversions/{view.Id}", view);
    }

    private static async Task<Ok<ConversionPage>> ListAsync(
        ConversionCatalog conversions, CancellationToken cancellationToken, string? state = null, int skip = 0, int limit = 100) =>
        TypedResults.Ok(await conversions.ListAsync(state, Math.Max(0, skip), Math.Clamp(limit, 1, 1000), cancellationToken));

    private static async Task<Results<Ok<ConversionView>, NotFound>> GetAsync(
        Guid id, ConversionCatalog conversions, CancellationToken cancellationToken) =>
        await conversions.GetAsync(id, cancellationToken) is { } view ? TypedResults.Ok(view) : TypedResults.NotFound();

    private static async Task<Results<Ok<ConversionReport>, NotFound>> ReportAsync(
        Guid id, ConversionCatalog conversions, CancellationToken cancellationToken) =>
        await conversions.ReportAsync(id, cancellationToken) is { } report ? TypedResults.Ok(report) : TypedResults.NotFound();

    private static async Task<Results<Accepted, NotFound>> CancelAsync(
        Guid id, ConversionCatalog conversions, CancellationToken cancellationToken) =>
        await conversions.CancelAsync(id, cancellationToken) ? TypedResults.Accepted($"/api/v1/conversions/{id}") : TypedResults.NotFound();

    private static async Task<Results<Accepted, NotFound>> PauseAsync(
        Guid id, ConversionCatalog conversions, CancellationToken cancellationToken) =>
        await conversions.PauseAsync(id, cancellationToken) ? TypedResults.Accepted($"/api/v1/conversions/{id}") : TypedResults.NotFound();

    private static async Task<Results<Accepted, NotFound>> ResumeAsync(
        Guid id, ConversionCatalog conversions, CancellationToken cancellationToken) =>
        await conversions.ResumeAsync(id, cancellationToken) ? TypedResults.Accepted($"/api/v1/conversions/{id}") : TypedResults.NotFound();

    private static async Task<Results<Accepted, NotFound>> RetryAsync(
        Guid id, ConversionCatalog conversions, CancellationToken cancellationToken) =>
        await conversions.RetryAsync(id, cancellationToken) ? TypedResults.Accepted($"/api/v1/conversions/{id}") : TypedResults.NotFound();
}
