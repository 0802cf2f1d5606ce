using System.Buffers.Binary;
using System.Net.Sockets;

namespace Ferry.Chunks.Nbd;

/// <summary>Exact reads and whole writes on a client's socket; one writer at a time.</summary>
internal sealed class NbdStream(Socket socket) : IDisposable
{
    private readonly NetworkStream stream = new(socket, ownsSocket: true);
    private readonly SemaphoreSlim sending = new(1);

    /// <summary>Fills the buffer.</summary>
    /// <exception cref="IOException">The client is gone.</exception>
    public ValueTask ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => stream.ReadExactlyAsync(buffer, cancellationToken);

    /// <summary>Sends a whole message.</summary>
    /// <exception cref="IOException">The client is gone.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await sending.WaitAsync(cancellationToken);
        try
        {
            await stream.WriteAsync(message, cancellationToken);
        }
        finally
        {
            sending.Release();
        }
    }

    /// <summary>Sends an answer to an option.</summary>
    public ValueTask SendOptionReplyAsync(NbdOption option, uint type, ReadOnlySpan<byte> data, CancellationToken cancellationToken)
    {
        byte[] reply = new byte[20 + data.Length];
        BinaryPrimitives.WriteUInt64BigEndian(reply, NbdConstants.OptionReplyMagic);
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(8), (uint)option);
        BinaryPrimitives.WriteUInt32BigEndian(reply.AsSpan(12), type);
        BinaryPrimitives.WriteInt32BigEndian(reply.AsSpan(16), data.Length);
        data.CopyTo(reply.AsSpan(20));
        return SendAsync(reply, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stream.Dispose();
        sending.Dispose();
    }
}
