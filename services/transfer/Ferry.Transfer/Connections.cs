namespace Ferry.Transfer;

/// <summary>Runs the same work several times side by side; the first failure stops the others and is the one that is thrown.</summary>
internal static class Connections
{
    public static async Task RunAsync(int count, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Exception? first = null;
        var workers = Enumerable.Range(0, count).Select(_ => Task.Run(
            async () =>
            {
                try
                {
                    await work(stop.Token);
                }
                catch (Exception exception)
                {
                    Interlocked.CompareExchange(ref first, exception, null);
                    await stop.CancelAsync();
                    throw;
                }
            },
            CancellationToken.None)).ToArray();
        try
        {
            await Task.WhenAll(workers);
        }
        catch when (first is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(first);
        }
    }
}
