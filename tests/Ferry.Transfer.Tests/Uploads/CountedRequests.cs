using System.Collections.Concurrent;

namespace Ferry.Transfer.Tests.Uploads;

/// <summary>Counts the chunks that a client sends, and may break the connection to the server.</summary>
internal sealed class CountedRequests() : DelegatingHandler(new SocketsHttpHandler())
{
    public ConcurrentQueue<string> Chunks { get; } = new();

    public int Pages;

    public Func<HttpRequestMessage, Task>? Before { get; set; }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath.Contains("/chunks/", StringComparison.Ordinal))
        {
            Chunks.Enqueue(request.RequestUri.AbsolutePath);
        }
        else if (request.Method == HttpMethod.Put)
        {
            Interlocked.Increment(ref Pages);
        }

        if (Before is { } before)
        {
            await before(request);
        }

        return await base.SendAsync(request, cancellationToken);
    }
}
