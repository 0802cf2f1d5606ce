namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>Lets a process run for a part of the time only, with SIGSTOP and SIGCONT, until disposal.</summary>
internal sealed class SlowProcess : IAsyncDisposable
{
    private static readonly TimeSpan Runs = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Sleeps = TimeSpan.FromMilliseconds(160);

    private readonly CancellationTokenSource stop = new();
    private readonly ServiceProcess process;
    private readonly Task running;
    private bool disposed;

    public SlowProcess(ServiceProcess process)
    {
        this.process = process;
        running = RunAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (disposed)
        {
            return;
        }

        disposed = true;
        await stop.CancelAsync();
        await running;
        await process.SignalAsync("CONT");
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await process.SignalAsync("CONT");
                await Task.Delay(Runs, stop.Token);
                await process.SignalAsync("STOP");
                await Task.Delay(Sleeps, stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It is to run as it likes.
        }
    }
}
