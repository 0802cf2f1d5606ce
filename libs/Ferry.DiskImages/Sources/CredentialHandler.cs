namespace Ferry.DiskImages.Sources;

/// <summary>Sends each request with the credential that is set for its host, if there is one.</summary>
/// <param name="credentials">The credentials.</param>
/// <param name="connections">What sends the request.</param>
/// <param name="name">Name of the credential, or null for the one of the host.</param>
public sealed class CredentialHandler(SourceCredentials credentials, HttpMessageHandler connections, string? name = null) : DelegatingHandler(connections)
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            request.Headers.Authorization = request.RequestUri is { } url ? credentials.HeaderFor(name, url) : null;
        }
        catch (SourceCredentialException exception)
        {
            throw new HttpRequestException($"{exception.Message} {exception.Remedy}", exception);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
