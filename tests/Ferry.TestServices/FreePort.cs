using System.Net;
using System.Net.Sockets;

namespace Ferry.TestServices;

/// <summary>Finds a TCP port of the loopback address that nobody listens on.</summary>
public static class FreePort
{
    // Below Linux's range for outgoing connections, so that none of those takes the port between this search and its use.
    private const int First = 15000;
    private const int End = 32000;

    /// <summary>A port; chosen at random, so that test runs side by side seldom choose the same.</summary>
    public static int Next()
    {
        for (var tries = 0; tries < 200; tries++)
        {
            var port = Random.Shared.Next(First, End);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                continue;
            }
        }

        throw new InvalidOperationException("No free port was found.");
    }
}
