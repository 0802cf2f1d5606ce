using Ferry.Hosting.Jobs;

namespace Ferry.Hosting.Tests.Jobs;

/// <summary>Where tests kill the process.</summary>
public sealed class FaultPointsTests
{
    [Theory]
    [InlineData("convert.slice", 1)]
    [InlineData("convert.slice:1", 1)]
    [InlineData("convert.slice:3", 3)]
    public void Hit_KillsAtTheNthHitOfItsName(string specification, int at)
    {
        var kills = 0;
        var faults = new FaultPoints(specification, () => kills++);

        for (var hit = 1; hit <= 4; hit++)
        {
            faults.Hit("other");
            faults.Hit("convert.slice");
            Assert.Equal(hit >= at ? 1 : 0, kills);
        }
    }

    [Fact]
    public void Hit_StopsInsteadOfKilling_WhereThatIsSaid()
    {
        var stops = 0;
        var faults = new FaultPoints("convert.slice:2:stop", () => Assert.Fail("It was to be stopped."), () => stops++);
        faults.Hit("convert.slice");
        Assert.Equal(0, stops);
        faults.Hit("convert.slice");
        Assert.Equal(1, stops);
        Assert.Throws<FormatException>(() => new FaultPoints("convert.slice:2:pause", () => { }));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Hit_DoesNothing_WhenNothingIsNamed(string? specification) =>
        new FaultPoints(specification, () => Assert.Fail("It was not named.")).Hit("");
}
