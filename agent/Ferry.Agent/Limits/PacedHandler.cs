namespace Ferry.Agent.Limits;

/// <summary>Sends the bodies of requests at a rate.</summary>
internal sealed class PacedHandler(HttpMessageHandler inner, TokenBucket bucket) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content and not PacedContent)
        {
            request.Content = new PacedContent(content, bucket);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
