using System.Collections.Concurrent;
using System.Net.Sockets;
using Ferry.Chunks.Disks;

namespace Ferry.Chunks.Nbd;

/// <summary>
/// Exports a block device over the NBD protocol on a Unix socket that only this user can open. Several clients and several connections of one client see the
/// same disk. A client can break its own connection, but neither the server nor the memory bounds.
/// </summary>
public sealed class NbdServer : IAsyncDisposable
{
    private readonly IBlockDevice device;
    private readonly NbdServerOptions options;
    private readonly Socket listener;
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<Task, bool> connections = new();
    private readonly Task accepting;
    private NbdFault? firstFault;
    private bool disposed;

    private NbdServer(IBlockDevice device, string socketPath, NbdServerOptions options)
    {
        this.device = device;
        this.options = options with
        {
            OnFault = fault =>
            {
                Interlocked.CompareExchange(ref firstFault, fault, null);
                options.OnFault?.Invoke(fault);
            },
        };
        SocketPath = socketPath;
        listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(socketPath));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(socketPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            listener.Listen(options.MaxConnections);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        accepting = Task.Run(AcceptAsync);
    }

    /// <summary>The socket's file.</summary>
    public string SocketPath { get; }

    /// <summary>The first request that failed in the device, or null: what stands behind a client's "Input/output error".</summary>
    public NbdFault? FirstFault => firstFault;

    /// <summary>Begins to listen.</summary>
    /// <param name="device">What is exported; the caller keeps ownership and disposes it after the server.</param>
    /// <param name="folder">A folder for the socket; it is made, or made, accessible to this user alone.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ArgumentException">The folder's path is too long for a Unix socket (about 100 bytes).</exception>
    /// <exception cref="IOException">The folder or the socket cannot be made.</exception>
    public static NbdServer Start(IBlockDevice device, string folder, NbdServerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentException.ThrowIfNullOrEmpty(folder);
        string path = Path.Combine(Path.GetFullPath(folder), $"nbd-{Guid.NewGuid().ToString("N")[..8]}.sock");
        if (System.Text.Encoding.UTF8.GetByteCount(path) > 107)
        {
            throw new ArgumentException($"The path '{path}' is too long for a Unix socket. Use a shorter folder.", nameof(folder));
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Directory.CreateDirectory(folder, Private);
            File.SetUnixFileMode(folder, Private);
        }

        return new NbdServer(device, path, options ?? new NbdServerOptions());
    }

    /// <summary>Stops listening, disconnects every client, waits for the requests under way and removes the socket.</summary>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        await stop.CancelAsync();
        await accepting;
        await Task.WhenAll(connections.Keys);
        listener.Dispose();
        File.Delete(SocketPath);
        stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync(stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that left before it was accepted, or no free file descriptor: others must still be served, a little later.
                await Task.Delay(TimeSpan.FromMilliseconds(50), CancellationToken.None);
                continue;
            }

            if (connections.Count >= options.MaxConnections)
            {
                client.Dispose();
                continue;
            }

            Task task = ServeAsync(client);
            connections[task] = true;
            _ = task.ContinueWith(done => connections.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        await Task.Yield();
        using var connection = new NbdConnection(client, device, options);
        try
        {
            await connection.RunAsync(stop.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client left without a word, was too slow in the handshake, or the server stops: nothing to tell anybody.
        }
    }
}
