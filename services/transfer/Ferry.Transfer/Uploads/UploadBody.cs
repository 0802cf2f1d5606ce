using Ferry.Transfer.Bandwidth;
using Ferry.Transfer.Sources;

namespace Ferry.Transfer.Uploads;

/// <summary>
/// The body of a request as it may be read: within the limits of its job, no further than a number of bytes, and not from a client that falls silent. Not for concurrent use.
/// </summary>
internal sealed class UploadBody(Stream body, long atMost, UploadSession session, BandwidthScheduler scheduler, Action throwIfParked, TimeSpan idle, TimeProvider time) : AsyncReadStream
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    /// <summary>Bytes that came.</summary>
    public long Received { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        var read = await ReadSomeAsync(buffer[..Math.Min(buffer.Length, scheduler.Portion(session.Flow))], cancellationToken);
        Received += read;
        if (Received > atMost)
        {
            throw new UploadRefusedException(StatusCodes.Status413PayloadTooLarge, TransferErrors.UploadBodyInvalid, $"The body is longer than the {atMost} bytes that it may have.");
        }

        if (read > 0)
        {
            await PassAsync(read, cancellationToken);
        }

        return read;
    }

    private async ValueTask<int> ReadSomeAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var silence = new CancellationTokenSource(idle, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        try
        {
            return await body.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException exception) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new UploadRefusedException(
                StatusCodes.Status408RequestTimeout, TransferErrors.UploadBodyInvalid, $"No byte of the body came for {idle.TotalSeconds:0.#} s.", TimeSpan.Zero, exception);
        }
    }

    // A window that closes in the middle of a chunk gives it up: the client sends it again when it opens.
    private async ValueTask PassAsync(int bytes, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var passed = scheduler.AcquireAsync(session.Flow, bytes, stop.Token).AsTask();
        try
        {
            while (!passed.IsCompleted && await Task.WhenAny(passed, Task.Delay(Look, time, stop.Token)) != passed)
            {
                throwIfParked();
            }

            await passed;
        }
        finally
        {
            await stop.CancelAsync();
        }
    }
}
