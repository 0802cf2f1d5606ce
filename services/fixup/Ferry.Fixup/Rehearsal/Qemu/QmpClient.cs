using System.Collections.Concurrent;
using System.Text.Json;

namespace Ferry.Fixup.Rehearsal.Qemu;

/// <summary>QEMU's control protocol (QMP): commands with answers, and events. One command at a time; may be called from several threads.</summary>
internal sealed class QmpClient : IAsyncDisposable
{
    private const int MostEvents = 1000;
    private readonly Stream _stream;
    private readonly JsonLines _lines;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentQueue<QmpEvent> _events = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;
    private TaskCompletionSource<JsonElement>? _answer;
    private long _id;
    private volatile bool _ended;

    /// <summary>Begins to read.</summary>
    /// <param name="stream">The connection; the client disposes it.</param>
    public QmpClient(Stream stream)
    {
        _stream = stream;
        _lines = new JsonLines(stream);
        _reading = Task.Run(ReadAsync);
    }

    /// <summary>Whether the other side has ended.</summary>
    public bool Ended => _ended;

    /// <summary>Greets. To be called once, first.</summary>
    /// <exception cref="QmpException">This is not QEMU, or it ended.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _greeted.Task.WaitAsync(cancellationToken);
        await ExecuteAsync("qmp_capabilities", null, cancellationToken);
    }

    /// <summary>The events since the last call, oldest first; of more than 1,000 the newest.</summary>
    public IReadOnlyList<QmpEvent> TakeEvents()
    {
        var taken = new List<QmpEvent>();
        while (_events.TryDequeue(out var next))
        {
            taken.Add(next);
        }

        return taken;
    }

    /// <summary>Has a command carried out.</summary>
    /// <param name="command">Its name.</param>
    /// <param name="arguments">Its arguments, an object for JSON, or null.</param>
    /// <param name="cancellationToken">Stops waiting; the connection is of no use after that.</param>
    /// <exception cref="QmpException">It was refused, or QEMU ended.</exception>
    public async Task<JsonElement> ExecuteAsync(string command, object? arguments, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var answer = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
            Volatile.Write(ref _answer, answer);
            if (_ended)
            {
                throw new QmpException($"QEMU has ended before '{command}'.");
            }

            var id = Interlocked.Increment(ref _id);
            var request = new Dictionary<string, object> { ["execute"] = command, ["id"] = id };
            if (arguments is not null)
            {
                request["arguments"] = arguments;
            }

            byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(request), (byte)'\n'];
            await _stream.WriteAsync(line, cancellationToken);
            var message = await answer.Task.WaitAsync(cancellationToken);
            return message.TryGetProperty("error", out var error)
                ? throw new QmpException($"QEMU refused '{command}': {(error.TryGetProperty("desc", out var text) ? text.GetString() : "for no reason")}")
                : message.GetProperty("return");
        }
        catch (IOException e)
        {
            throw new QmpException($"QEMU ended during '{command}'.", e);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _reading;
        await _lines.DisposeAsync();
        await _stream.DisposeAsync();
        _closing.Dispose();
        _turn.Dispose();
    }

    private async Task ReadAsync()
    {
        Exception? cause = null;
        try
        {
            while (await _lines.ReadAsync(_closing.Token) is { } message)
            {
                Take(message);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or OperationCanceledException or KeyNotFoundException or InvalidOperationException)
        {
            cause = e;
        }

        _ended = true;
        var end = new QmpException("QEMU has ended.", cause);
        _greeted.TrySetException(end);
        Volatile.Read(ref _answer)?.TrySetException(end);
        _ = _greeted.Task.Exception;
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("event", out var name))
        {
            _events.Enqueue(new QmpEvent(name.GetString() ?? "", message.TryGetProperty("data", out var data) ? data : default));
            while (_events.Count > MostEvents)
            {
                _events.TryDequeue(out _);
            }
        }
        else if (message.TryGetProperty("QMP", out _))
        {
            _greeted.TrySetResult();
        }
        else if (!message.TryGetProperty("id", out var id) || (id.TryGetInt64(out var number) && number == Interlocked.Read(ref _id)))
        {
            Volatile.Read(ref _answer)?.TrySetResult(message);
        }
    }
}
