using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Ferry.EndToEnd.Tests.Guests;

/// <summary>A machine's serial console, through QEMU's socket: what it has written so far, and what is typed.</summary>
internal sealed partial class SerialConsole : IAsyncDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly StringBuilder _text = new();
    private readonly Task _reading;
    private TaskCompletionSource _more = New();
    private bool _ended;

    private SerialConsole(Socket socket)
    {
        _socket = socket;
        _reading = ReadAsync();
    }

    /// <summary>All that came, without escape sequences.</summary>
    public string Text
    {
        get
        {
            lock (_text)
            {
                return Escape().Replace(_text.ToString(), "").Replace("\r", "", StringComparison.Ordinal).Replace("\0", "", StringComparison.Ordinal);
            }
        }
    }

    /// <summary>Connects, as soon as the socket is there.</summary>
    public static async Task<SerialConsole> ConnectAsync(string path)
    {
        var cancel = TestContext.Current.CancellationToken;
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancel);
                return new SerialConsole(socket);
            }
            catch (SocketException) when (TimeProvider.System.GetElapsedTime(begin) < ConnectLimit)
            {
                socket.Dispose();
                await Task.Delay(100, cancel);
            }
        }
    }

    /// <summary>Waits for the first of some patterns in what comes after a place in the text.</summary>
    /// <exception cref="TimeoutException">None came, with the last lines of the console.</exception>
    public async Task<Match> WaitForAsync(Regex pattern, int from, TimeSpan limit)
    {
        var begin = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var (more, ended) = (_more.Task, _ended);
            var text = Text;
            if (pattern.Match(text, Math.Min(from, text.Length)) is { Success: true } match)
            {
                return match;
            }

            var left = limit - TimeProvider.System.GetElapsedTime(begin);
            if (ended || left <= TimeSpan.Zero || await Task.WhenAny(more, Task.Delay(left, TestContext.Current.CancellationToken)) != more)
            {
                TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
                throw new TimeoutException($"The console {(ended ? "ended" : "has been quiet")} and did not show '{pattern}'. Its last lines:\n{Tail()}");
            }
        }
    }

    /// <summary>Types a line.</summary>
    public Task TypeAsync(string line) => _socket.SendAsync(Encoding.UTF8.GetBytes(line + "\n"), TestContext.Current.CancellationToken).AsTask();

    /// <summary>The last lines.</summary>
    public string Tail() => string.Join('\n', Text.Split('\n').TakeLast(40));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        await _reading;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    [GeneratedRegex(@"\x1b(?:\[[0-9;?=]*[A-Za-z]|[()][0-9A-B]|[=>cM78])")]
    private static partial Regex Escape();

    private async Task ReadAsync()
    {
        var buffer = new byte[1 << 14];
        try
        {
            for (int read; (read = await _socket.ReceiveAsync(buffer, SocketFlags.None)) > 0;)
            {
                lock (_text)
                {
                    _text.Append(Encoding.Latin1.GetString(buffer, 0, read));
                }

                Interlocked.Exchange(ref _more, New()).SetResult();
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The machine has ended, or the test does.
        }

        _ended = true;
        Interlocked.Exchange(ref _more, New()).SetResult();
    }
}
