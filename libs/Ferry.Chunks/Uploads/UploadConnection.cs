using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace Ferry.Chunks.Uploads;

/// <summary>
/// Requests to the endpoints of one file of an upload: HTTP/1.1, tried again until they are answered, as the server asks (Retry-After) or with full jitter. Safe for concurrent use.
/// </summary>
internal sealed class UploadConnection(HttpClient http, Uri file, DiskUploadOptions options, TimeProvider time, Action<string?> waits)
{
    private const string ServerError = "SERVER_ERROR";
    private long answeredAt = time.GetTimestamp();
    private long sent;

    /// <summary>Bytes of all bodies of chunks that were sent.</summary>
    public long Sent => Interlocked.Read(ref sent);

    public Task<byte[]> GetBytesAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, 0, null, cancellationToken);

    public Task<byte[]> PutAsync(string path, ReadOnlyMemory<byte> body, string? encoding, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, path, body, encoding is null ? 0 : body.Length, encoding, cancellationToken);

    public async Task<JsonElement> GetJsonAsync(string path, CancellationToken cancellationToken) => Parse(await GetBytesAsync(path, cancellationToken).ConfigureAwait(false));

    public async Task<JsonElement> PostAsync(string path, CancellationToken cancellationToken) =>
        Parse(await SendAsync(HttpMethod.Post, path, ReadOnlyMemory<byte>.Empty, 0, null, cancellationToken).ConfigureAwait(false));

    /// <summary>Sends a chunk.</summary>
    public async Task PutChunkAsync(string path, ReadOnlyMemory<byte> body, bool compressed, CancellationToken cancellationToken) =>
        await SendAsync(HttpMethod.Put, path, body, body.Length, compressed ? ChunkBody.Zstd : null, cancellationToken).ConfigureAwait(false);

    private async Task<byte[]> SendAsync(HttpMethod method, string path, ReadOnlyMemory<byte>? body, int counted, string? encoding, CancellationToken cancellationToken)
    {
        for (var failures = 0; ; failures++)
        {
            Exception? cause = null;
            TimeSpan? asked = null;
            string reason;
            try
            {
                using var request = new HttpRequestMessage(method, new Uri(file, path)) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
                if (body is { } bytes)
                {
                    request.Content = new ReadOnlyMemoryContent(bytes);
                    request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
                    if (encoding is not null)
                    {
                        request.Content.Headers.ContentEncoding.Add(encoding);
                    }
                }

                Interlocked.Add(ref sent, counted);
                using var timeout = new CancellationTokenSource(options.RequestTimeout, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
                using var response = await http.SendAsync(request, either.Token).ConfigureAwait(false);
                var answer = await response.Content.ReadAsByteArrayAsync(either.Token).ConfigureAwait(false);
                if (response.IsSuccessStatusCode)
                {
                    Answered(failures);
                    return answer;
                }

                asked = response.Headers.RetryAfter?.Delta ?? (response.Headers.RetryAfter?.Date - time.GetUtcNow());
                if (asked is null && (int)response.StatusCode is < 500 and not 408 and not 429)
                {
                    throw Refusal(response, answer);
                }

                reason = Text(answer, "detail") ?? $"the server answered {(int)response.StatusCode}";
            }
            catch (Exception exception) when (IsAway(exception) && !cancellationToken.IsCancellationRequested)
            {
                (cause, reason) = (exception, exception.Message);
            }

            if (asked is not null)
            {
                Interlocked.Exchange(ref answeredAt, time.GetTimestamp()); // It is there, and asks to wait.
            }
            else if (time.GetElapsedTime(Interlocked.Read(ref answeredAt)) >= options.GiveUpAfter)
            {
                throw new DiskUploadException(DiskUploadException.Unreachable, $"No Ferry answered for {options.GiveUpAfter.TotalMinutes:0.#} minutes: {reason}", cause);
            }

            waits(reason);
            var wait = Jitter(failures);
            await Task.Delay(asked > wait ? asked.Value : wait, time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static bool IsAway(Exception exception) => exception is HttpRequestException or IOException or OperationCanceledException;

    private void Answered(int failures)
    {
        Interlocked.Exchange(ref answeredAt, time.GetTimestamp());
        if (failures > 0)
        {
            waits(null);
        }
    }

    private TimeSpan Jitter(int failures)
    {
        var ceiling = Math.Min(options.MaximumRetry.TotalSeconds, options.MinimumRetry.TotalSeconds * Math.Pow(2, Math.Min(failures, 20)));
        return TimeSpan.FromSeconds(ceiling * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    private static DiskUploadException Refusal(HttpResponseMessage response, byte[] answer) => new(
        Text(answer, "code") ?? (response.StatusCode is HttpStatusCode.Unauthorized ? "API_KEY_MISSING" : ServerError),
        Text(answer, "detail") ?? $"The server answered {(int)response.StatusCode}.");

    private static string? Text(byte[] answer, string name)
    {
        try
        {
            using var problem = JsonDocument.Parse(answer);
            return problem.RootElement.ValueKind is JsonValueKind.Object && problem.RootElement.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String
                ? value.GetString()
                : null;
        }
        catch (JsonException)
        {
            // No problem document: a proxy, or something that is no Ferry.
            return null;
        }
    }

    private static JsonElement Parse(byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement.Clone();
        }
        catch (JsonException exception)
        {
            throw new DiskUploadException(ServerError, "What answers is no Ferry, or one of another version.", exception);
        }
    }
}
