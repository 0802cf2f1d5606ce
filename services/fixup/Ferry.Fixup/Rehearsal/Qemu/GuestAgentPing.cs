using System.Text.Json;

namespace Ferry.Fixup.Rehearsal.Qemu;

/// <summary>Asks the guest agent whether it is there, again and again: what is asked before the guest has opened its port may be lost. Thread-safe.</summary>
internal sealed class GuestAgentPing : IAsyncDisposable
{
    private const int MostPings = 200;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly byte[] Request = [.. "{\"execute\":\"guest-ping\"}\n"u8];
    private readonly Stream _stream;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _running;
    private volatile bool _answered;

    /// <summary>Begins to ask.</summary>
    /// <param name="stream">The connection; it is disposed here.</param>
    /// <param name="time">The clock.</param>
    public GuestAgentPing(Stream stream, TimeProvider time)
    {
        _stream = stream;
        _time = time;
        _running = Task.WhenAll(Task.Run(AskAsync), Task.Run(ListenAsync));
    }

    /// <summary>Whether it has answered.</summary>
    public bool Answered => _answered;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _running;
        await _stream.DisposeAsync();
        _closing.Dispose();
    }

    private async Task AskAsync()
    {
        try
        {
            for (var i = 0; i < MostPings && !_answered; i++)
            {
                await _stream.WriteAsync(Request, _closing.Token);
                await Task.Delay(Interval, _time, _closing.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The machine has ended.
        }
    }

    private async Task ListenAsync()
    {
        await using var lines = new JsonLines(_stream);
        try
        {
            while (await lines.ReadAsync(_closing.Token) is { } message)
            {
                _answered |= message.ValueKind == JsonValueKind.Object && message.TryGetProperty("return", out _);
            }
        }
        catch (Exception e) when (e is IOException or InvalidDataException or OperationCanceledException)
        {
            // The machine has ended, or what answers is no agent: then there is none.
        }
    }
}
