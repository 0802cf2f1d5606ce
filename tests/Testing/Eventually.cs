using System.Text.Json;

namespace Ferry.Testing;

/// <summary>Waits for conditions.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks again and again until the answer satisfies.</summary>
    public static async Task<T> GetAsync<T>(Func<Task<T>> ask, Func<T, bool> satisfies, string what)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, TestContext.Current.CancellationToken);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        T answer;
        do
        {
            answer = await ask();
            if (satisfies(answer))
            {
                return answer;
            }
        }
        while (await Ticks(timer, either.Token));

        Assert.Fail($"Not within {Patience.TotalSeconds} s: {what}. Last: {JsonSerializer.Serialize(answer)}");
        return answer;
    }

    /// <summary>Asks again and again until it is so.</summary>
    public static Task IsAsync(Func<bool> condition, string what) => GetAsync(() => Task.FromResult(condition()), so => so, what);

    private static async Task<bool> Ticks(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
