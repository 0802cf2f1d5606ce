using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using Ferry.Hosting.Api;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Ferry.Gateway.Authentication;

/// <summary>
/// Accepts a request that carries a known key in <c>X-Api-Key</c>, as bearer token, or, where the request changes nothing, as password of HTTP Basic, for which a browser
/// asks its user. Keys are compared as digests, in constant time.
/// </summary>
public sealed class ApiKeyAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options, IOptionsMonitor<ApiKeyOptions> keys, ILoggerFactory logger, UrlEncoder encoder)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    /// <summary>Name of the scheme.</summary>
    public const string SchemeName = "ApiKey";

    private const string BearerPrefix = "Bearer ";
    private const string BasicPrefix = "Basic ";

    /// <inheritdoc/>
    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (KeyOf(Request) is not { Length: > 0 and <= 512 } key)
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }

        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        string? client = null;
        foreach (var (name, sha256) in keys.CurrentValue.Sha256)
        {
            if (CryptographicOperations.FixedTimeEquals(digest, Convert.FromHexString(sha256)))
            {
                client = name;
            }
        }

        if (client is null)
        {
            return Task.FromResult(AuthenticateResult.Fail("Unknown API key."));
        }

        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, client)], SchemeName);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName)));
    }

    /// <inheritdoc/>
    protected override async Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = new StringValues(["Bearer", "Basic realm=\"Ferry: any user name, the API key as password\", charset=\"UTF-8\""]);
        await Response.WriteAsJsonAsync(
            new { title = "An API key is needed.", status = 401, code = "API_KEY_MISSING", detail = $"Send it in the header {ApiKeys.HeaderName}." },
            Context.RequestAborted);
    }

    private static string? KeyOf(HttpRequest request)
    {
        if (request.Headers.TryGetValue(ApiKeys.HeaderName, out var header))
        {
            return header.ToString();
        }

        var authorization = request.Headers.Authorization.ToString();
        return authorization.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase) ? authorization[BearerPrefix.Length..].Trim()
            : authorization.StartsWith(BasicPrefix, StringComparison.OrdinalIgnoreCase) && ApiKeys.ChangesNothing(request.Method) ? PasswordOf(authorization[BasicPrefix.Length..].Trim())
            : null;
    }

    private static string? PasswordOf(string credentials)
    {
        var bytes = new byte[credentials.Length];
        if (!Convert.TryFromBase64String(credentials, bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : text[(colon + 1)..];
    }
}
