using System.Net.Sockets;

namespace Ferry.Fixup.Rehearsal.Qemu;

/// <summary>Takes the one connection that QEMU makes to a Unix socket.</summary>
internal sealed class UnixListener : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>Begins to listen.</summary>
    /// <param name="path">The socket's path, in a folder of this user alone.</param>
    public UnixListener(string path)
    {
        _socket.Bind(new UnixDomainSocketEndPoint(path));
        _socket.Listen(1);
    }

    /// <summary>Waits for the connection.</summary>
    public async Task<NetworkStream> AcceptAsync(CancellationToken cancellationToken) => new(await _socket.AcceptAsync(cancellationToken), ownsSocket: true);

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
