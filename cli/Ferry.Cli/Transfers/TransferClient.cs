using Ferry.Cli.Remote;
using Ferry.Contracts;
using Ferry.Contracts.Transfer;

namespace Ferry.Cli.Transfers;

/// <summary>The API of transfer jobs and limits.</summary>
internal sealed class TransferClient(FerryClient client)
{
    private static readonly Failure Unknown = new() { Code = "TRANSFER_UNKNOWN", Message = "There is no such transfer job", Remedy = "See ferry transfer list" };

    public Task<TransferJobView> CreateAsync(TransferJobRequest request, CancellationToken cancellationToken) =>
        client.RequestAsync<TransferJobView>(HttpMethod.Post, "api/v1/transfers", request, Unknown, cancellationToken);

    public Task<TransferJobPage> ListAsync(string? state, string? conversion, CancellationToken cancellationToken)
    {
        var query = string.Join('&', new[] { ("state", state), ("conversionId", conversion) }
            .Where(pair => pair.Item2 is not null).Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2!)}"));
        return client.RequestAsync<TransferJobPage>(HttpMethod.Get, $"api/v1/transfers?{query}", null, Unknown, cancellationToken);
    }

    public Task<TransferJobView> GetAsync(string id, CancellationToken cancellationToken) =>
        client.RequestAsync<TransferJobView>(HttpMethod.Get, $"api/v1/transfers/{Uri.EscapeDataString(id)}", null, Unknown, cancellationToken);

    public Task<TransferJobView> ActAsync(string id, string action, object? body, CancellationToken cancellationToken) =>
        client.RequestAsync<TransferJobView>(HttpMethod.Post, $"api/v1/transfers/{Uri.EscapeDataString(id)}/{action}", body, Unknown, cancellationToken);

    public Task<TransferLimits> LimitsAsync(CancellationToken cancellationToken) =>
        client.RequestAsync<TransferLimits>(HttpMethod.Get, "api/v1/limits", null, Unknown, cancellationToken);

    public Task<TransferLimits> SetLimitsAsync(TransferLimits limits, CancellationToken cancellationToken) =>
        client.RequestAsync<TransferLimits>(HttpMethod.Put, "api/v1/limits", limits, Unknown, cancellationToken);
}
