using System.Globalization;
using System.Text.RegularExpressions;

namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>
/// The fault matrix: every fault in every step of a conversion, on real processes, a real RabbitMQ, and the MongoDB driver against the emulator (or the server that
/// <c>FERRY_TEST_MONGODB</c> names, without the rows that kill it). <c>FERRY_FAULT_ROWS</c>, a regular expression over "fault step point", picks some of the runs. It prints its table; <see cref="FaultTable"/> says how to put it into docs/reliability.md.
/// </summary>
public sealed class FaultMatrixTests(FaultLab lab)
{
    /// <summary>One run of each kind of fault, without the guest appliance.</summary>
    public static TheoryData<FaultKind, FaultStep, string> Few => Data(row => row.Quick);

    /// <summary>The other runs.</summary>
    public static TheoryData<FaultKind, FaultStep, string> Others => Data(row => !row.Quick);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Few))]
    public Task Fault_EndsCompleteOrClear_AndLeavesNothing(FaultKind fault, FaultStep step, string point) => RunAsync(fault, step, point);

    [Theory(SkipTestWithoutData = true)]
    [Trait("Tier", "all")]
    [MemberData(nameof(Others))]
    public Task EveryFault_EndsCompleteOrClear_AndLeavesNothing(FaultKind fault, FaultStep step, string point) => RunAsync(fault, step, point);

    [Fact]
    public void EveryCell_HasARunOrAReason()
    {
        var cells = FaultMatrix.Rows.Select(row => (row.Fault, row.Step)).ToHashSet();
        var without = Enum.GetValues<FaultKind>().SelectMany(fault => Enum.GetValues<FaultStep>().Select(step => (fault, step))).Where(cell => !cells.Contains(cell)).ToList();

        Assert.All(without, cell => Assert.True(cell.fault.ToString().StartsWith("Source", StringComparison.Ordinal) || cell == (FaultKind.Zombie, FaultStep.Cleanup), cell.ToString()));
        Assert.All(Enum.GetValues<FaultKind>(), fault => Assert.Contains(FaultMatrix.Rows, row => row.Fault == fault));
        Assert.Equal(FaultMatrix.Rows.Count, FaultMatrix.Rows.Select(row => (row.Fault, row.Step, row.Point)).Distinct().Count());
    }

    private static TheoryData<FaultKind, FaultStep, string> Data(Func<FaultRow, bool> which)
    {
        var data = new TheoryData<FaultKind, FaultStep, string>();
        var only = Environment.GetEnvironmentVariable("FERRY_FAULT_ROWS") ?? "";
        foreach (var row in FaultMatrix.Rows.Where(which).Where(row => Regex.IsMatch($"{row.Fault} {row.Step} {row.Point}", only)))
        {
            data.Add(row.Fault, row.Step, row.Point);
        }

        return data;
    }

    private async Task RunAsync(FaultKind fault, FaultStep step, string point)
    {
        var row = FaultMatrix.Rows.Single(x => x.Fault == fault && x.Step == step && x.Point == point);
        await lab.ReadyAsync();
        Assert.SkipUnless(fault is not FaultKind.StoreRestarted || lab.Ferry.Mongo.IsEmulator, "A real server is not started or ended by tests.");
        var run = await FaultRun.PrepareAsync(lab, row);
        try
        {
            var view = await new FaultInjector(lab, run).RunAsync();
            var seconds = TimeProvider.System.GetElapsedTime(run.Started).TotalSeconds;
            lab.Web.Misbehave = null;
            await lab.OnlyUsualServicesAsync();
            await new FaultChecks(lab, run).CheckAsync(view);
            lab.Table.Add(row, string.Create(CultureInfo.InvariantCulture, $"{(row.Failure is null ? "Completed" : $"Failed `{row.Failure}`")} {seconds:0.0}"));
        }
        catch
        {
            lab.Table.Add(row, "**not as expected**");
            await lab.ResetAsync();
            throw;
        }
        finally
        {
            lab.Web.Misbehave = null;
            run.DeleteFiles();
        }
    }
}
