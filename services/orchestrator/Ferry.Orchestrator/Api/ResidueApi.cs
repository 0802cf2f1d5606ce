using Ferry.Contracts.Residues;
using Ferry.Orchestrator.Residues;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Ferry.Orchestrator.Api;

/// <summary>The REST API of what is left.</summary>
public static class ResidueApi
{
    /// <summary>Maps <c>/api/v1/residue</c>.</summary>
    public static RouteGroupBuilder MapResidueApi(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/api/v1/residue").WithTags("Residue");
        group.MapGet("/", ListAsync).WithName("ListResidue").WithSummary("What is left and belongs to no running conversion, with what to do.");
        return group;
    }

    private static async Task<Ok<ResiduePage>> ListAsync(ResidueLedger residues, CancellationToken cancellationToken) =>
        TypedResults.Ok(await residues.ListAsync(cancellationToken));
}
