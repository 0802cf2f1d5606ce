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

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public void Hit_DoesNothing_WhenNothingIsNamed(string? specification) =>
        new FaultPoints(specification, () => Assert.Fail("It was not named.")).Hit("");
}
