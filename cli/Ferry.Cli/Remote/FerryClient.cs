using System.Net;
using System.Net.Http.Json;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Hosting.Documents;

namespace Ferry.Cli.Remote;

/// <summary>The API of a running Ferry, as the commands need it.</summary>
internal sealed class FerryClient(Uri server, string? apiKey) : IDisposable
{
    private readonly HttpClient http = Create(server, apiKey);

    public async Task<ConversionPage> ListAsync(CancellationToken cancellationToken) =>
        (await SendAsync<ConversionPage>(HttpMethod.Get, "api/v1/conversions", cancellationToken))!;

    public async Task<ConversionView> GetAsync(string id, CancellationToken cancellationToken) =>
        (await SendAsync<ConversionView>(HttpMethod.Get, $"api/v1/conversions/{Uri.EscapeDataString(id)}", cancellationToken))!;

    public async Task<ConversionReport> ReportAsync(string id, CancellationToken cancellationToken) =>
        (await SendAsync<ConversionReport>(HttpMethod.Get, $"api/v1/conversions/{Uri.EscapeDataString(id)}/report", cancellationToken))!;

    public Task CancelAsync(string id, CancellationToken cancellationToken) => ActAsync(id, "cancel", cancellationToken);

    public Task RetryAsync(string id, CancellationToken cancellationToken) => ActAsync(id, "retry", cancellationToken);

    public void Dispose() => http.Dispose();

    private static HttpClient Create(Uri server, string? apiKey)
    {
        var client = new HttpClient { BaseAddress = server };
        if (apiKey is not null)
        {
            client.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
        }

        return client;
    }

    private Task<object?> ActAsync(string id, string action, CancellationToken cancellationToken) =>
        SendAsync<object>(HttpMethod.Post, $"api/v1/conversions/{Uri.EscapeDataString(id)}/{action}", cancellationToken);

    private async Task<T?> SendAsync<T>(HttpMethod method, string path, CancellationToken cancellationToken)
        where T : class
    {
        HttpResponseMessage response;
        try
        {
            using var request = new HttpRequestMessage(method, path);
            response = await http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw Error("SERVER_UNREACHABLE", $"No Ferry answers: {exception.Message}", "Start one with ferry serve, or name it with --server", exception);
        }

        using (response)
        {
            return response.StatusCode switch
            {
                HttpStatusCode.Unauthorized => throw Error("API_KEY_MISSING", "The server wants an API key", "Set FERRY_API_KEY, or use --api-key-file"),
                HttpStatusCode.NotFound => throw Error("CONVERSION_UNKNOWN", "There is no such conversion", "See ferry list"),
                _ when !response.IsSuccessStatusCode =>
                    throw Error("SERVER_ERROR", $"The server answered {(int)response.StatusCode}", "See the server's log"),
                _ when response.Content.Headers.ContentLength is 0 => null,
                _ => await response.Content.ReadFromJsonAsync<T>(DocumentJson.Options, cancellationToken),
            };
        }
    }

    private CliException Error(string code, string message, string remedy, Exception? inner = null) =>
        new(ExitCode.StepFailed, new Failure { Code = code, Message = message, Where = server.GetLeftPart(UriPartial.Authority), Remedy = remedy }, inner);
}
