using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.DeadLetters;
using Ferry.Contracts.Residues;
using Ferry.Contracts.Store;
using Ferry.Hosting.Documents;

namespace Ferry.Cli.Remote;

/// <summary>The API of a running Ferry, as the commands need it.</summary>
/// <param name="server">Its address.</param>
/// <param name="apiKey">The API key, or null.</param>
/// <param name="timeout">How long it may take to answer.</param>
internal sealed class FerryClient(Uri server, string? apiKey, TimeSpan? timeout = null) : IDisposable
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    private static readonly (string Code, string Message, string Remedy) UnknownConversion = ("CONVERSION_UNKNOWN", "There is no such conversion", "See ferry list");
    private static readonly (string Code, string Message, string Remedy) UnknownLetter = ("DEAD_LETTER_UNKNOWN", "There is no such dead letter", "See ferry dead-letters list");

    private readonly HttpClient http = Create(server, apiKey, timeout ?? DefaultTimeout);

    public async Task<ConversionPage> ListAsync(CancellationToken cancellationToken) =>
        (await SendAsync<ConversionPage>(HttpMethod.Get, "api/v1/conversions", cancellationToken))!;

    public async Task<ConversionView> GetAsync(string id, CancellationToken cancellationToken) =>
        (await SendAsync<ConversionView>(HttpMethod.Get, $"api/v1/conversions/{Uri.EscapeDataString(id)}", cancellationToken))!;

    public async Task<ConversionReport> ReportAsync(string id, CancellationToken cancellationToken) =>
        (await SendAsync<ConversionReport>(HttpMethod.Get, $"api/v1/conversions/{Uri.EscapeDataString(id)}/report", cancellationToken))!;

    public Task CancelAsync(string id, CancellationToken cancellationToken) => ActAsync(id, "cancel", cancellationToken);

    public Task PauseAsync(string id, CancellationToken cancellationToken) => ActAsync(id, "pause", cancellationToken);

    public Task ResumeAsync(string id, CancellationToken cancellationToken) => ActAsync(id, "resume", cancellationToken);

    public Task RetryAsync(string id, CancellationToken cancellationToken) => ActAsync(id, "retry", cancellationToken);

    public async Task<StoreStats> StoreStatsAsync(CancellationToken cancellationToken) =>
        (await SendAsync<StoreStats>(HttpMethod.Get, "api/v1/store/stats", cancellationToken))!;

    public async Task<StoreTaskView> BeginStoreRunAsync(string kind, string query, CancellationToken cancellationToken) =>
        (await SendAsync<StoreTaskView>(HttpMethod.Post, $"api/v1/store/{kind}{query}", cancellationToken))!;

    public async Task<StoreTaskView> StoreRunAsync(string kind, CancellationToken cancellationToken) =>
        (await SendAsync<StoreTaskView>(HttpMethod.Get, $"api/v1/store/{kind}", cancellationToken))!;

    public async Task<ResiduePage> ResidueAsync(CancellationToken cancellationToken) =>
        (await SendAsync<ResiduePage>(HttpMethod.Get, "api/v1/residue", cancellationToken))!;

    public async Task<DeadLetterPage> DeadLettersAsync(CancellationToken cancellationToken) =>
        (await SendAsync<DeadLetterPage>(HttpMethod.Get, "api/v1/dead-letters", cancellationToken))!;

    public async Task<DeadLetterView> DeadLetterAsync(string id, CancellationToken cancellationToken) =>
        (await SendAsync<DeadLetterView>(HttpMethod.Get, $"api/v1/dead-letters/{Uri.EscapeDataString(id)}", cancellationToken, UnknownLetter))!;

    public async Task<DeadLetterRetry> RetryDeadLetterAsync(string id, CancellationToken cancellationToken) =>
        (await SendAsync<DeadLetterRetry>(HttpMethod.Post, $"api/v1/dead-letters/{Uri.EscapeDataString(id)}/retry", cancellationToken, UnknownLetter))!;

    /// <summary>Any other request, with a body and with the server's own words when it refuses.</summary>
    /// <param name="method">Method.</param>
    /// <param name="path">Path.</param>
    /// <param name="body">Body, or null.</param>
    /// <param name="unknown">The error when there is no such thing.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async Task<T> RequestAsync<T>(HttpMethod method, string path, object? body, Failure unknown, CancellationToken cancellationToken)
        where T : class => (await SendAsync<T>(method, path, cancellationToken, body: body, refused: unknown))!;

    public void Dispose() => http.Dispose();

    /// <summary>A client of HTTP with the server's address and the key.</summary>
    internal static HttpClient Create(Uri server, string? apiKey, TimeSpan timeout)
    {
        var client = new HttpClient { BaseAddress = server, Timeout = timeout };
        if (apiKey is not null)
        {
            client.DefaultRequestHeaders.Add("X-Api-Key", apiKey);
        }

        return client;
    }

    private Task<object?> ActAsync(string id, string action, CancellationToken cancellationToken) =>
        SendAsync<object>(HttpMethod.Post, $"api/v1/conversions/{Uri.EscapeDataString(id)}/{action}", cancellationToken);

    private async Task<T?> SendAsync<T>(
        HttpMethod method, string path, CancellationToken cancellationToken, (string Code, string Message, string Remedy)? unknown = null, object? body = null, Failure? refused = null)
        where T : class
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body, body.GetType(), options: DocumentJson.Options) };
            using var response = await http.SendAsync(request, cancellationToken);
            if (refused is not null)
            {
                await RefusedRequest.ThrowIfAsync(response, refused with { Where = server.GetLeftPart(UriPartial.Authority) }, cancellationToken);
            }

            return await ReadAsync<T>(response, unknown ?? UnknownConversion, cancellationToken);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception.Message, exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"it took longer than {http.Timeout.TotalSeconds:0.#} seconds", exception);
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw Error("SERVER_ERROR", "What answers is no Ferry, or one of another version", "Check --server", exception);
        }
    }

    private async Task<T?> ReadAsync<T>(HttpResponseMessage response, (string Code, string Message, string Remedy) unknown, CancellationToken cancellationToken)
        where T : class =>
        response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => throw Error("API_KEY_MISSING", "The server wants an API key", "Set FERRY_API_KEY, or use --api-key-file"),
            HttpStatusCode.NotFound => throw Error(unknown.Code, unknown.Message, unknown.Remedy),
            HttpStatusCode.Conflict => throw Error("RETRY_REFUSED", (await RefusalAsync(response, cancellationToken)).TrimEnd('.'), "See ferry dead-letters show"),
            _ when !response.IsSuccessStatusCode =>
                throw Error("SERVER_ERROR", $"The server answered {(int)response.StatusCode}", "See the server's log"),
            _ when response.Content.Headers.ContentLength is 0 => null,
            _ => await response.Content.ReadFromJsonAsync<T>(DocumentJson.Options, cancellationToken),
        };

    private static async Task<string> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        (await response.Content.ReadFromJsonAsync<DeadLetterRetry>(DocumentJson.Options, cancellationToken))!.Detail;

    private CliException Unreachable(string why, Exception inner) =>
        Error("SERVER_UNREACHABLE", $"No Ferry answers: {why}", "Start one with ferry serve, or name it with --server", inner);

    private CliException Error(string code, string message, string remedy, Exception? inner = null) =>
        new(new Failure { Code = code, Message = message, Where = server.GetLeftPart(UriPartial.Authority), Remedy = remedy }, inner);
}
