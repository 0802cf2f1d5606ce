using Ferry.Hosting.Tests.Support;

namespace Ferry.Hosting.Tests.Bus;

/// <summary>On the in-memory bus and SQLite.</summary>
public sealed class MemoryPoisonTests() : PoisonTests(new Transport())
{
    protected override Task LiesInTheQueueAsync(string kind) => Task.CompletedTask;
}
