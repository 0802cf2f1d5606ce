using Ferry.Contracts.Transfer;
using Ferry.Transfer.Bandwidth;
using Microsoft.Extensions.Time.Testing;

namespace Ferry.Transfer.Tests.Bandwidth;

/// <summary>Rates, priorities and shares on a clock that the test moves.</summary>
public sealed class BandwidthSchedulerTests : IDisposable
{
    private const double MiB = 1 << 20;
    private readonly FakeTimeProvider time = new();
    private readonly BandwidthScheduler scheduler;
    private readonly List<Connection> connections = [];

    public BandwidthSchedulerTests() => scheduler = new BandwidthScheduler(time);

    public void Dispose() => scheduler.Dispose();

    [Theory]
    [InlineData(0.25, 1)]
    [InlineData(6.25, 1)]
    [InlineData(6.25, 4)]
    [InlineData(100, 8)]
    public void Rate_OverTenSeconds_HoldsWithinFivePercent(double mebibytes, int connections)
    {
        Rates((LimitNames.Global, mebibytes * MiB));
        var flow = Start(TransferPriority.Normal, connections, LimitNames.Global);

        Move(10);

        Assert.InRange(flow.Bytes, mebibytes * MiB * 10 * 0.95, mebibytes * MiB * 10 * 1.05);
    }

    [Fact]
    public void Rate_OfSeveralLimits_TheLeastHolds()
    {
        Rates((LimitNames.Global, 8 * MiB), ("host:a", 2 * MiB), ("link:wan", 3 * MiB));
        var flow = Start(TransferPriority.Normal, 4, LimitNames.Global, "host:a", "link:wan");

        Move(10);

        Assert.InRange(flow.Bytes, 20 * MiB * 0.95, 20 * MiB * 1.05);
    }

    [Fact]
    public void Rate_Changed_HoldsWithinASecond()
    {
        Rates((LimitNames.Global, 10 * MiB));
        var flow = Start(TransferPriority.Normal, 4, LimitNames.Global);
        Move(5);
        var before = flow.Bytes;

        Rates((LimitNames.Global, 1 * MiB));
        Move(1);
        var slowed = flow.Bytes - before;
        Rates((LimitNames.Global, 0));
        Move(3);
        var parked = flow.Bytes - before - slowed;
        Rates((LimitNames.Global, 4 * MiB));
        Move(2);

        Assert.InRange(slowed, 0, 1.3 * MiB);
        Assert.InRange(parked, 0, 0.3 * MiB);
        Assert.InRange(flow.Bytes - before - slowed - parked, 8 * MiB * 0.9, 8 * MiB * 1.1);
    }

    [Fact]
    public void SamePriority_SharesFairly_WhateverTheConnections()
    {
        Rates((LimitNames.Global, 9 * MiB));
        var one = Start(TransferPriority.Normal, 1, LimitNames.Global);
        var two = Start(TransferPriority.Normal, 2, LimitNames.Global);
        var six = Start(TransferPriority.Normal, 6, LimitNames.Global);

        Move(10);

        Assert.All([one, two, six], flow => Assert.InRange(flow.Bytes, 30 * MiB * 0.95, 30 * MiB * 1.05));
    }

    [Fact]
    public void SamePriority_WhoComesLater_GetsAShareAndNotTheArrears()
    {
        Rates((LimitNames.Global, 10 * MiB));
        var first = Start(TransferPriority.Normal, 2, LimitNames.Global);
        Move(10);
        var before = first.Bytes;

        var second = Start(TransferPriority.Normal, 2, LimitNames.Global);
        Move(10);

        Assert.InRange(second.Bytes, 50 * MiB * 0.9, 50 * MiB * 1.1);
        Assert.InRange(first.Bytes - before, 50 * MiB * 0.9, 50 * MiB * 1.1);
    }

    [Theory]
    [InlineData(TransferPriority.Low, TransferPriority.Normal)]
    [InlineData(TransferPriority.Normal, TransferPriority.High)]
    [InlineData(TransferPriority.High, TransferPriority.Foreground)]
    public void LowerPriority_Yields_AndDoesNotStarve(TransferPriority lower, TransferPriority higher)
    {
        Rates((LimitNames.Global, 4 * MiB));
        var low = Start(lower, 4, LimitNames.Global);
        Move(2);
        var before = low.Bytes;

        var high = Start(higher, 2, LimitNames.Global);
        Move(30);

        Assert.InRange(high.Bytes, 120 * MiB * 0.93, 120 * MiB * 1.05);
        Assert.InRange(low.Bytes - before, 1, 120 * MiB * 0.05);
    }

    [Fact]
    public void LowerPriority_WithoutAnyRate_YieldsOnTheSameHostOnly()
    {
        var low = Start(TransferPriority.Low, 1, LimitNames.Global, "host:a");
        var elsewhere = Start(TransferPriority.Low, 1, LimitNames.Global, "host:b");
        Move(1);
        var before = (low.Bytes, elsewhere.Bytes);

        Start(TransferPriority.Normal, 1, LimitNames.Global, "host:a");
        Move(5);

        Assert.InRange(low.Bytes - before.Item1, 0, MiB);
        Assert.InRange(elsewhere.Bytes - before.Item2, 50 * MiB, double.MaxValue);
    }

    [Fact]
    public void Priority_ChangedWhileItRuns_Counts()
    {
        Rates((LimitNames.Global, 4 * MiB));
        var first = Start(TransferPriority.Normal, 2, LimitNames.Global);
        var second = Start(TransferPriority.Normal, 2, LimitNames.Global);
        Move(1);
        var before = (first.Bytes, second.Bytes);

        second.Priority = TransferPriority.High;
        Move(5);

        Assert.InRange(second.Bytes - before.Item2, 20 * MiB * 0.9, 20 * MiB * 1.1);
        Assert.InRange(first.Bytes - before.Item1, 0, 20 * MiB * 0.1);
    }

    [Fact]
    public async Task Acquire_Cancelled_LeavesNothingBehind()
    {
        Rates((LimitNames.Global, 0));
        var flow = scheduler.Begin(TransferPriority.Normal, [LimitNames.Global]);
        using var cancel = new CancellationTokenSource();
        var waiting = scheduler.AcquireAsync(flow, 1, cancel.Token).AsTask();

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, flow.Waiting);
    }

    private void Rates(params (string Name, double Rate)[] rates) => scheduler.SetRates(rates.ToDictionary(rate => rate.Name, rate => (double?)rate.Rate));

    // Connections that read as fast as they may; on a link without limit they read 20 MiB/s each.
    private BandwidthFlow Start(TransferPriority priority, int count, params string[] limits)
    {
        var flow = scheduler.Begin(priority, limits);
        for (var i = 0; i < count; i++)
        {
            connections.Add(new Connection(flow));
        }

        return flow;
    }

    private void Move(int seconds)
    {
        for (var i = 0; i < seconds * 200; i++)
        {
            time.Advance(TimeSpan.FromMilliseconds(5));
            foreach (var connection in connections)
            {
                connection.Step(scheduler, time.GetUtcNow());
            }
        }
    }

    private sealed class Connection(BandwidthFlow flow)
    {
        private BandwidthRequest? asked;
        private DateTimeOffset? readAt;
        private int portion;

        public void Step(BandwidthScheduler scheduler, DateTimeOffset now)
        {
            while (asked is null || asked.Granted.Task.IsCompleted)
            {
                if (readAt is null)
                {
                    portion = scheduler.Portion(flow);
                    readAt = now + TimeSpan.FromSeconds(portion / (20 * MiB));
                }

                if (now < readAt)
                {
                    return;
                }

                readAt = null;
                asked = scheduler.Ask(flow, portion);
            }
        }
    }
}
