using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Ferry.Hosting.Tests;

/// <summary>Rounds at an interval, on a clock that the test moves.</summary>
public sealed class RepeatedServiceTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    [Fact]
    public async Task RoundThatFails_IsTold_AndTheNextOneIsTheFirstAgain_AlsoWhenAnAnswerTimedOut()
    {
        var time = new FakeTimeProvider();
        using var service = new Rounds(time);
        service.Fails.Enqueue(new TaskCanceledException("The answer timed out."));
        service.Fails.Enqueue(new InvalidOperationException("The store is away."));

        await service.StartAsync(TestContext.Current.CancellationToken);
        Assert.True(await service.NextAsync());
        time.Advance(Interval);
        Assert.True(await service.NextAsync());
        time.Advance(Interval);
        Assert.True(await service.NextAsync());
        time.Advance(Interval);
        Assert.False(await service.NextAsync());
        Assert.False(service.Stopped);
        await service.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal([typeof(TaskCanceledException), typeof(InvalidOperationException)], service.Failed.Select(exception => exception.GetType()));
        Assert.True(service.Stopped);
        Assert.True(service.ExecuteTask!.IsCompletedSuccessfully);
    }

    private sealed class Rounds(TimeProvider time) : RepeatedService(Interval, time)
    {
        private readonly Channel<bool> rounds = Channel.CreateUnbounded<bool>();

        public Queue<Exception> Fails { get; } = new();

        public List<Exception> Failed { get; } = [];

        public bool Stopped { get; private set; }

        public ValueTask<bool> NextAsync() => rounds.Reader.ReadAsync(TestContext.Current.CancellationToken);

        protected override Task RoundAsync(bool first, CancellationToken stoppingToken)
        {
            rounds.Writer.TryWrite(first);
            return Fails.TryDequeue(out var exception) ? Task.FromException(exception) : Task.CompletedTask;
        }

        protected override void RoundFailed(Exception exception) => Failed.Add(exception);

        protected override Task StoppingAsync()
        {
            Stopped = true;
            return Task.CompletedTask;
        }
    }
}
