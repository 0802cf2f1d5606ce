using Ferry.Contracts.Store;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ferry.Cleanup.Store;

/// <summary>The REST API of the chunk store.</summary>
public static class StoreApi
{
    /// <summary>Maps the routes below <c>/api/v1/store</c>.</summary>
    public static IEndpointRouteBuilder MapStoreApi(this IEndpointRouteBuilder routes)
    {
        var store = routes.MapGroup("/api/v1/store").WithTags("Chunk store");
        store.MapGet("/stats", (StoreStatistics statistics, CancellationToken cancellationToken) => statistics.GetAsync(cancellationToken))
            .WithName("GetStoreStats").WithSummary("What the chunk store holds. Walks over the whole store.");
        store.MapPost("/gc", CollectAsync).WithName("CollectGarbage")
            .WithSummary("Begins a garbage collection, or names the one that runs. With dryRun nothing is deleted.");
        store.MapGet("/gc", (StoreTasks tasks, CancellationToken cancellationToken) => GetAsync(tasks, StoreTaskKind.Collection, cancellationToken))
            .WithName("GetCollection").WithSummary("The current or last garbage collection.");
        store.MapPost("/verify", VerifyAsync).WithName("VerifyStore").WithSummary("Begins to read every chunk and compare it with its id, or names the verification that runs.");
        store.MapGet("/verify", (StoreTasks tasks, CancellationToken cancellationToken) => GetAsync(tasks, StoreTaskKind.Verification, cancellationToken))
            .WithName("GetVerification").WithSummary("The current or last verification.");
        return routes;
    }

    private static async Task<Accepted<StoreTaskView>> CollectAsync(StoreTasks tasks, CancellationToken cancellationToken, bool dryRun = false) =>
        TypedResults.Accepted("/api/v1/store/gc", (await tasks.RequestAsync(StoreTaskKind.Collection, dryRun, cancellationToken)).ToView());

    private static async Task<Accepted<StoreTaskView>> VerifyAsync(StoreTasks tasks, CancellationToken cancellationToken) =>
        TypedResults.Accepted("/api/v1/store/verify", (await tasks.RequestAsync(StoreTaskKind.Verification, dryRun: false, cancellationToken)).ToView());

    private static async Task<Results<Ok<StoreTaskView>, NotFound>> GetAsync(StoreTasks tasks, string kind, CancellationToken cancellationToken) =>
        await tasks.GetAsync(kind, cancellationToken) is { } task ? TypedResults.Ok(task.ToView()) : TypedResults.NotFound();
}
