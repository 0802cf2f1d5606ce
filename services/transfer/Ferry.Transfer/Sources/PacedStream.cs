namespace Ferry.Transfer.Sources;

/// <summary>A body that is read in small portions, each of which waits after it until the limits allow its bytes; so the rate holds whatever the size of a request.</summary>
internal sealed class PacedStream(Stream body, SourceTraffic traffic) : AsyncReadStream
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await body.ReadAsync(buffer[..Math.Min(buffer.Length, traffic.Portion())], cancellationToken);
        if (count > 0)
        {
            await traffic.CountAsync(count, cancellationToken);
        }

        return count;
    }

    public override async ValueTask DisposeAsync()
    {
        await body.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            body.Dispose();
        }

        base.Dispose(disposing);
    }
}
