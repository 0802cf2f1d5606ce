using Ferry.Cli.Output;
using Ferry.Contracts;
using Microsoft.Extensions.Time.Testing;

namespace Ferry.Cli.Tests.Output;

public sealed class RateMeterTests
{
    private readonly FakeTimeProvider time = new(Views.Start);
    private readonly RateMeter rates;

    public RateMeterTests() => rates = new RateMeter(time);

    [Fact]
    public void First_HasNoRateYet() => Assert.Equal("convert disk 0: 10 MiB of 100 MiB", Seen(10));

    [Fact]
    public void Second_HasRateAndTimeLeft()
    {
        Seen(10);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("convert disk 0: 30 MiB of 100 MiB, 10 MiB/s, 7.0 s left", Seen(30));
    }

    [Fact]
    public void Rate_IsSmoothed()
    {
        Seen(0);
        time.Advance(TimeSpan.FromSeconds(1));
        Seen(10);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("convert disk 0: 30 MiB of 100 MiB, 13 MiB/s, 5.4 s left", Seen(30));
    }

    [Fact]
    public void ReportThatBringsNothingNew_ChangesNoRate()
    {
        Seen(0);
        time.Advance(TimeSpan.FromSeconds(1));
        Seen(10);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal("convert disk 0: 10 MiB of 100 MiB, 10 MiB/s, 9.0 s left", Seen(10));
    }

    [Fact]
    public void Disks_HaveTheirOwnRates()
    {
        rates.Update([Views.Disk(0, 100 << 20), Views.Disk(0, 100 << 20, disk: 1)]);
        time.Advance(TimeSpan.FromSeconds(1));
        rates.Update([Views.Disk(10 << 20, 100 << 20), Views.Disk(20 << 20, 100 << 20, disk: 1)]);
        Assert.Equal(10 << 20, rates.RateOf(Views.Disk(0, 0)));
        Assert.Equal(20 << 20, rates.RateOf(Views.Disk(0, 0, disk: 1)));
    }

    [Fact]
    public void DiskThatWaits_SaysForWhat()
    {
        var waiting = new WaitingFor { Reason = "space", Detail = "Make room.", Since = Views.Start };
        Assert.Equal("convert disk 0: waits for space: Make room.", rates.Describe(Views.Disk(1, 2, waitingFor: waiting)));
    }

    [Fact]
    public void StepOfUnknownSize_SaysWhatItDoes()
    {
        Assert.Equal("fixup: inspecting", rates.Describe(Views.Disk(0, 0, step: "fixup", activity: "inspecting") with { Disk = null }));
        Assert.Equal("fixup: working", rates.Describe(Views.Disk(0, 0, step: "fixup") with { Disk = null }));
    }

    private string Seen(long mebibytes)
    {
        var disk = Views.Disk(mebibytes << 20, 100 << 20);
        rates.Update([disk]);
        return rates.Describe(disk);
    }
}
