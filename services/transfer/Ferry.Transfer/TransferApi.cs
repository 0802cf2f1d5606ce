using Ferry.Contracts.Conversions;
using Ferry.Hosting.Jobs;

namespace Ferry.Transfer;

/// <summary>The transfer endpoints behind the gateway.</summary>
public static class TransferApi
{
    /// <summary>Maps <c>GET /api/v1/transfers/{conversionId}</c>: the transfers of a conversion, with their progress.</summary>
    public static IEndpointRouteBuilder MapTransferApi(this IEndpointRouteBuilder routes)
    {
        var transfers = routes.MapGroup("/api/v1/transfers").WithTags("Transfers");
        transfers.MapGet(
                "/{conversionId:guid}",
                async (Guid conversionId, [Microsoft.Extensions.DependencyInjection.FromKeyedServices("transfer")] IJobQueue jobs, CancellationToken cancellationToken) =>
                    (await jobs.GetJobsAsync(conversionId, cancellationToken)).Where(job => job.Kind == "transfer").Select(TransferView.Of))
            .WithName("GetTransfers")
            .WithSummary("The transfers of a conversion, oldest first; an empty list when there are none.")
            .Produces<IReadOnlyList<TransferView>>();
        return routes;
    }
}
