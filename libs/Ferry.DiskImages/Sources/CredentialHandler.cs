namespace Ferry.DiskImages.Sources;

/// <summary>Sends each request with the credential that is set for its host, if there is one.</summary>
/// <param name="credentials">The credentials.</param>
/// <param name="connections">What sends the request.</param>
public sealed class CredentialHandler(SourceCredentials credentials, HttpMessageHandler connections) : DelegatingHandler(connections)
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        try
        {
            request.Headers.Authorization = request.RequestUri is { } url ? credentials.HeaderFor(null, url) : null;
        }
        catch (SourceCredentialException exception)
        {
            throw new HttpRequestException($"{exception.Message} {exception.Remedy}", exception);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
