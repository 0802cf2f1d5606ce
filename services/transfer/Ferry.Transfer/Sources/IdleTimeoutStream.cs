namespace Ferry.Transfer.Sources;

/// <summary>A connection that fails when no byte comes for a while. The limit is per read of the connection, so a slow link is no failure and a dead one is.</summary>
internal sealed class IdleTimeoutStream(Stream connection, TimeSpan limit) : AsyncReadStream
{
    public override bool CanWrite => true;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = connection.ReadAsync(buffer, CancellationToken.None);
        if (read.IsCompleted)
        {
            return await read;
        }

        var pending = read.AsTask();
        try
        {
            return await pending.WaitAsync(limit, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException && !pending.IsCompleted)
        {
            // Nobody reads on from here, and closing ends the pending read before its buffer is used for something else.
            await connection.DisposeAsync();
            await pending.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            if (exception is TimeoutException)
            {
                throw new IOException($"No byte came for {limit.TotalSeconds:0.#} s.", exception);
            }

            throw;
        }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => connection.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        connection.WriteAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override void Flush() => connection.Flush();

    public override async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            connection.Dispose();
        }

        base.Dispose(disposing);
    }
}
