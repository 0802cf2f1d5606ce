using Ferry.Hosting.Documents;
using Microsoft.Extensions.Logging;

namespace Ferry.Hosting.Bus;

/// <summary>
/// The kill switch of a process: closed while its document store does not answer. Whatever a consumer throws then is the store's fault and not the message's, so
/// nothing is given up and nothing more is consumed until the store is back. Thread-safe.
/// </summary>
internal sealed class StoreGate(IDocumentStore store, TimeProvider time, ILogger<StoreGate> logger)
{
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly Lock gate = new();
    private Task? reopening;

    /// <summary>Whether the store is away, as far as it is known.</summary>
    public bool IsClosed
    {
        get
        {
            lock (gate)
            {
                return reopening is not null;
            }
        }
    }

    /// <summary>Waits while the gate is closed.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        Task? waiting;
        lock (gate)
        {
            waiting = reopening;
        }

        return waiting is null ? Task.CompletedTask : waiting.WaitAsync(cancellationToken);
    }

    /// <summary>Closes the gate if the store does not answer; false when it does, and the failure has another cause.</summary>
    public async Task<bool> CloseIfAwayAsync(CancellationToken cancellationToken)
    {
        if (await AnswersAsync(cancellationToken).ConfigureAwait(false))
        {
            return false;
        }

        lock (gate)
        {
            reopening ??= ReopenAsync();
        }

        return true;
    }

    private async Task ReopenAsync()
    {
        await Task.Yield();
        var started = time.GetTimestamp();
        Log.GateClosed(logger);
        do
        {
            await Task.Delay(Interval, time).ConfigureAwait(false);
        }
        while (!await AnswersAsync(CancellationToken.None).ConfigureAwait(false));
        Log.GateOpened(logger, time.GetElapsedTime(started).TotalSeconds);
        lock (gate)
        {
            reopening = null;
        }
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        var probes = store.Collection<StoreProbeDocument>(StoreProbeDocument.Collection);
        var now = time.GetUtcNow();
        var update = DocumentUpdate.Set("writtenAt", now);
        if (await probes.UpdateFirstAsync(DocumentQuery.Where("id", StoreProbeDocument.TheId), update, cancellationToken).ConfigureAwait(false) is null)
        {
            await probes.TryInsertAsync(new StoreProbeDocument { Id = StoreProbeDocument.TheId, WrittenAt = now }, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timeout = new CancellationTokenSource(ProbeTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            await WriteAsync(either.Token).WaitAsync(either.Token).ConfigureAwait(false);
            return true;
        }
#pragma warning disable CA1031 // Whatever it throws, the store has not answered.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            return false;
        }
    }
}
