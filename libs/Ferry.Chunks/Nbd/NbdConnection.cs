using System.Buffers;
using System.Net.Sockets;
using Ferry.Chunks.Disks;

namespace Ferry.Chunks.Nbd;

/// <summary>One client: negotiates, reads requests in order and works on several at a time.</summary>
internal sealed class NbdConnection(Socket socket, IBlockDevice device, NbdServerOptions options) : IDisposable
{
    /// <summary>The longest read or write.</summary>
    public const int MaxRequestLength = 32 << 20;

    private readonly NbdStream stream = new(socket);
    private readonly SemaphoreSlim slots = new(options.MaxRequestsPerConnection);
    private readonly ByteBudget budget = new(Math.Max(options.MaxBufferBytesPerConnection, MaxRequestLength + NbdReply.OffsetDataSize));

    /// <summary>Serves the client until it leaves, breaks the protocol or the token is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var handshake = new NbdHandshake(stream, device, options.ExportName);
        using (var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken))
        {
            timeout.CancelAfter(options.HandshakeTimeout);
            if (!await handshake.RunAsync(timeout.Token))
            {
                return;
            }
        }

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var worker = new NbdWorker(stream, device, options, handshake);
        try
        {
            await ReadRequestsAsync(worker, stop);
        }
        catch
        {
            // Nobody is left who wants the answers.
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            for (int i = 0; i < options.MaxRequestsPerConnection; i++)
            {
                await slots.WaitAsync(CancellationToken.None);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        slots.Dispose();
    }

    private async Task ReadRequestsAsync(NbdWorker worker, CancellationTokenSource stop)
    {
        byte[] header = new byte[NbdRequest.Size];
        while (true)
        {
            await stream.ReadAsync(header, stop.Token);
            if (!NbdRequest.TryRead(header, out NbdRequest request) || request.Command == NbdCommand.Disconnect
                || (request.Command == NbdCommand.Write && request.Length > MaxRequestLength))
            {
                return;
            }

            await slots.WaitAsync(stop.Token);
            int size = NbdWorker.BufferSize(request);
            byte[] buffer = [];
            bool started = false;
            try
            {
                await budget.TakeAsync(size, stop.Token);
                buffer = size > 0 ? ArrayPool<byte>.Shared.Rent(size) : buffer;
                if (request.Command == NbdCommand.Write)
                {
                    await stream.ReadAsync(buffer.AsMemory(0, (int)request.Length), stop.Token);
                }

                _ = WorkAsync(worker, request, buffer, size, stop);
                started = true;
            }
            finally
            {
                if (!started)
                {
                    slots.Release();
                }
            }
        }
    }

    private async Task WorkAsync(NbdWorker worker, NbdRequest request, byte[] buffer, int size, CancellationTokenSource stop)
    {
        await Task.Yield();
        try
        {
            await worker.HandleAsync(request, buffer, stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The answer could not be sent: the client is gone, the reading side learns it too and ends the connection.
            await stop.CancelAsync();
        }
        finally
        {
            if (size > 0)
            {
                ArrayPool<byte>.Shared.Return(buffer);
                budget.GiveBack(size);
            }

            slots.Release();
        }
    }
}
