using Ferry.Fixup.Rehearsal.Consoles;

namespace Ferry.Fixup.Rehearsal.Qemu;

/// <summary>Reads a console as fast as the machine writes, so that it never waits, and keeps what <see cref="ConsoleLog"/> keeps. Thread-safe.</summary>
internal sealed class ConsoleReader : IAsyncDisposable
{
    private const int BufferBytes = 16 << 10;
    private readonly Stream _stream;
    private readonly ConsoleLog _log = new();
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _reading;

    /// <summary>Begins to read.</summary>
    /// <param name="stream">The connection; the reader disposes it.</param>
    public ConsoleReader(Stream stream)
    {
        _stream = stream;
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>The lines since the last call, the open one last.</summary>
    public IReadOnlyList<string> TakeFresh()
    {
        lock (_gate)
        {
            return _log.TakeFresh();
        }
    }

    /// <summary>The last lines.</summary>
    public IReadOnlyList<string> Last(int count)
    {
        lock (_gate)
        {
            return _log.Last(count);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _reading;
        await _stream.DisposeAsync();
        _closing.Dispose();
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await _stream.ReadAsync(buffer, _closing.Token) is > 0 and var read)
            {
                lock (_gate)
                {
                    _log.Append(buffer.AsSpan(0, read));
                }
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The machine has ended; what it said is kept.
        }
    }
}
