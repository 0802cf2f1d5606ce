using System.Text;
using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Engine;

namespace Ferry.Fixup.Tests.Windows.Disks;

/// <summary>The engine, with the real appliance, on a disk. Every run has a script for the first start.</summary>
internal sealed class WindowsDiskRun(WindowsDiskImage disk, ScratchFolder scratch, ITestOutputHelper output)
{
    public FixupPlanner? Planner { get; init; }

    public async Task<FixupResult> RunAsync(string platform, Firmware firmware, bool apply = true)
    {
        Assert.SkipUnless(File.Exists("/usr/lib/x86_64-linux-gnu/libguestfs.so.0"), "libguestfs is not installed");
        var request = new FixupRequest
        {
            Target = new FixupTarget(platform, null, SampleGuest.Machine with { Firmware = firmware }) { FirstBootScripts = [new("hello.cmd", Encoding.ASCII.GetBytes("echo hello"))] },
            Disks = [new ApplianceDisk(disk.Path, "raw", ReadOnly: !apply)],
            Scratch = scratch.Path,
            Apply = apply,
        };
        try
        {
            var result = await SampleGuest.Engine(Planner).RunAsync(request, TestContext.Current.CancellationToken);
            Tell(result.Findings);
            return result;
        }
        catch (GuestRefusedException e)
        {
            Tell(e.Findings);
            throw;
        }
    }

    /// <summary>A second run would do nothing.</summary>
    public async Task IsDoneAsync(string platform, Firmware firmware)
    {
        var again = await RunAsync(platform, firmware, apply: false);
        Assert.Equal([], again.Plan!.Changes.Select(c => c.Summary));
        Assert.True(again.Plan.IsEmpty);
    }

    private void Tell(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            output.WriteLine($"{finding.Severity} {finding.Id} {finding.Message}");
        }
    }
}
