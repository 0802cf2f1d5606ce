using System.Net;
using System.Text.Json;
using Ferry.Contracts;

namespace Ferry.Cli.Remote;

/// <summary>Turns a refusal of the server (RFC 9457 problem) into the error that the user sees.</summary>
internal static class RefusedRequest
{
    /// <summary>Throws when the server has refused the request.</summary>
    /// <param name="response">The answer.</param>
    /// <param name="unknown">The error when there is no such thing; its place is the server.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task ThrowIfAsync(HttpResponseMessage response, Failure unknown, CancellationToken cancellationToken)
    {
        switch (response.StatusCode)
        {
            case HttpStatusCode.NotFound:
                throw new CliException(unknown);
            case HttpStatusCode.BadRequest or HttpStatusCode.Conflict:
                var problem = await ReadAsync(response, cancellationToken);
                throw new CliException(new Failure
                {
                    Code = Text(problem, "code") ?? "USAGE",
                    Message = Errors(problem) ?? Text(problem, "detail") ?? $"The server refuses it ({(int)response.StatusCode})",
                    Where = unknown.Where,
                    Remedy = "See docs/errors.md",
                });
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // No problem document: the status says all there is.
            return default;
        }
    }

    private static string? Text(JsonElement problem, string name) =>
        problem.ValueKind is JsonValueKind.Object && problem.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString() : null;

    private static string? Errors(JsonElement problem) =>
        problem.ValueKind is JsonValueKind.Object && problem.TryGetProperty("errors", out var errors) && errors.ValueKind is JsonValueKind.Object
            ? string.Join(" ", errors.EnumerateObject().SelectMany(error => error.Value.EnumerateArray().Select(text => text.ToString())))
            : null;
}
