namespace Ferry.Transfer.Tests;

/// <summary>Waits for what becomes true by itself.</summary>
internal static class Eventually
{
    public static async Task<T> GetAsync<T>(Func<Task<T>> get, Func<T, bool> satisfies, string what)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        T value;
        while (!satisfies(value = await get()))
        {
            try
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                throw new TimeoutException($"Not in time: {what}. It is {System.Text.Json.JsonSerializer.Serialize(value)}");
            }
        }

        return value;
    }
}
