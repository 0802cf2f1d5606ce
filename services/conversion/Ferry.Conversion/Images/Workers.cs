namespace Ferry.Conversion.Images;

/// <summary>Runs the same work several times side by side; the first failure stops the others and is the one that is thrown.</summary>
internal static class Workers
{
    public static Task RunAsync(int count, Func<CancellationToken, Task> work, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = count, CancellationToken = cancellationToken },
            async (_, token) => await work(token));
}
