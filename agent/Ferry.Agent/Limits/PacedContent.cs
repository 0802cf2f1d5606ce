using System.Net;

namespace Ferry.Agent.Limits;

/// <summary>A body that is written in small pieces, each when it is due.</summary>
internal sealed class PacedContent : HttpContent
{
    private const int Piece = 16 << 10;
    private readonly HttpContent content;
    private readonly TokenBucket bucket;

    /// <summary>Takes over a body with its headers.</summary>
    public PacedContent(HttpContent content, TokenBucket bucket)
    {
        (this.content, this.bucket) = (content, bucket);
        foreach (var (name, values) in content.Headers.NonValidated)
        {
            Headers.TryAddWithoutValidation(name, values);
        }
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await using var body = await content.ReadAsStreamAsync(cancellationToken);
        var buffer = new byte[Piece];
        for (var read = await body.ReadAsync(buffer, cancellationToken); read > 0; read = await body.ReadAsync(buffer, cancellationToken))
        {
            await bucket.TakeAsync(read, cancellationToken);
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = content.Headers.ContentLength ?? 0;
        return content.Headers.ContentLength is not null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            content.Dispose();
        }

        base.Dispose(disposing);
    }
}
