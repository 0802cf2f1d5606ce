using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Ferry.Contracts.Transfer;

namespace Ferry.Agent.Capture;

/// <summary>The upload that the disks are sent to. A request that finds no server is tried again for as long as an upload is.</summary>
/// <param name="http">Where the server is and with which credential.</param>
/// <param name="giveUpAfter">Without an answer for this long it is given up.</param>
/// <param name="time">Clock.</param>
internal sealed class UploadJobs(HttpClient http, TimeSpan giveUpAfter, TimeProvider time)
{
    private const int MostGenerations = 1000;
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(5);

    /// <summary>Makes the upload, or finds it: one that is over gives way to a new one, one in Error tries again.</summary>
    /// <param name="request">The request, by generation.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="AgentException">The server refuses it, or none answers.</exception>
    public async Task<TransferJobView> OpenAsync(Func<int, TransferJobRequest> request, CancellationToken cancellationToken)
    {
        for (var generation = 0; generation < MostGenerations; generation++)
        {
            var asked = request(generation);
            var job = await SendAsync("api/v1/transfers", () => JsonContent.Create(asked, CaptureJson.Default.TransferJobRequest), cancellationToken);
            if (job.State is TransferJobState.Error)
            {
                return await SendAsync($"api/v1/transfers/{job.Id}/resume", () => null, cancellationToken);
            }

            if (job.State is not (TransferJobState.Acknowledged or TransferJobState.Cancelled))
            {
                return job;
            }
        }

        throw AgentException.Of(AgentErrors.Usage, "The same disks were captured too often under this name", "", "Give the machine another name with --name");
    }

    private async Task<TransferJobView> SendAsync(string path, Func<HttpContent?> body, CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            string reason;
            try
            {
                using var content = body();
                using var response = await http.PostAsync(new Uri(path, UriKind.Relative), content, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return await response.Content.ReadFromJsonAsync(CaptureJson.Default.TransferJobView, cancellationToken)
                        ?? throw AgentException.Of(AgentErrors.ServerError, "The server's answer is empty", Where, "Check --server");
                }

                if ((int)response.StatusCode is < 500 and not 408 and not 429)
                {
                    throw await RefusalAsync(response, cancellationToken);
                }

                reason = $"the server answers {(int)response.StatusCode}";
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError is not HttpRequestError.SecureConnectionError)
            {
                reason = exception.Message;
            }
            catch (HttpRequestException exception)
            {
                throw AgentException.Of(AgentErrors.ServerError, $"The server's certificate is not trusted: {exception.InnerException?.Message ?? exception.Message}", Where, "Install the certificate of its authority on this machine", exception);
            }
            catch (JsonException exception)
            {
                throw AgentException.Of(AgentErrors.ServerError, "What answers is no Ferry, or one of another version", Where, "Check --server", exception);
            }

            if (time.GetElapsedTime(start) >= giveUpAfter)
            {
                throw AgentException.Of(AgentErrors.ServerUnreachable, $"No Ferry answers: {reason}", Where, "Check --server and the network, then run the same command again");
            }

            await Console.Error.WriteLineAsync($"waiting: {reason}");
            await Task.Delay(RetryEvery, time, cancellationToken);
        }
    }

    private string Where => http.BaseAddress!.GetLeftPart(UriPartial.Authority);

    private async Task<AgentException> RefusalAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.StatusCode is HttpStatusCode.Unauthorized)
        {
            return AgentException.Of(AgentErrors.KeyRefused, "The server does not take the API key", Where, "Check --key-file");
        }

        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        try
        {
            using var problem = JsonDocument.Parse(text);
            var root = problem.RootElement;
            var errors = root.TryGetProperty("errors", out var fields) ? string.Join(" ", fields.EnumerateObject().SelectMany(field => field.Value.EnumerateArray()).Select(error => error.ToString())) : null;
            return AgentException.Of(
                root.TryGetProperty("code", out var code) ? code.ToString() : AgentErrors.ServerError, errors ?? (root.TryGetProperty("detail", out var detail) ? detail.ToString() : "The server refuses it"), Where, "See docs/errors.md");
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return AgentException.Of(AgentErrors.ServerError, $"The server answers {(int)response.StatusCode}", Where, "Check --server", exception);
        }
    }
}
