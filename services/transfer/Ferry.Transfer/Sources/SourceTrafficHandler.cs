namespace Ferry.Transfer.Sources;

/// <summary>Sends a job's requests with its credential, notes what the server says, and reads bodies no faster than the job may.</summary>
internal sealed class SourceTrafficHandler(SourceTraffic traffic, HttpMessageHandler connections, TimeProvider time) : DelegatingHandler(connections)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.Headers.Authorization = traffic.Credential;
        var response = await base.SendAsync(request, cancellationToken);
        traffic.Note(request, response, time.GetUtcNow());
        var content = response.Content;
        var paced = new StreamContent(new PacedStream(await content.ReadAsStreamAsync(cancellationToken), traffic));
        foreach (var header in content.Headers)
        {
            paced.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }

        response.Content = paced;
        return response;
    }
}
