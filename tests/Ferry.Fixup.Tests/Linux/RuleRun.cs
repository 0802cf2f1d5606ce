using Ferry.Fixup.Engine;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Engine;
using Ferry.Fixup.Tests.Volumes;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Tests.Linux;

/// <summary>Runs one rule on a guest in memory as the engine does: planned, applied, read back, and planned again, when nothing may be left to do.</summary>
internal static class RuleRun
{
    public static GuestInspection Guest { get; } = new()
    {
        Family = "linux",
        Distribution = "debian",
        BootLoader = "grub2",
        Disks = [new GuestDisk(0, "/dev/sda", 1 << 30, "msdos", false, false), new GuestDisk(1, "/dev/sdb", 1 << 30, "gpt", false, false)],
        FileSystems =
        [
            new GuestFileSystem("/dev/sda1", "swap", "5555-1", "", ""), new GuestFileSystem("/dev/sda2", "ext4", "5555-2", "rootfs", ""),
            new GuestFileSystem("/dev/sdb1", "crypto_LUKS", "5555-3", "", ""), new GuestFileSystem("/dev/sdb2", "ext4", "", "", ""),
        ],
    };

    public static async Task<RulePlan> RunAsync(IFixupRule rule, MemoryVolume volume, string platform = "hyperv", GuestInspection? guest = null, FixupTarget? target = null)
    {
        var token = TestContext.Current.CancellationToken;
        var inspection = guest ?? Guest;
        var to = target ?? new FixupTarget(platform, null, SampleGuest.Machine);
        var tree = new GuestTree(volume);
        var context = new RuleContext(inspection, to, TargetDrivers.For(to.Platform)!, tree, "/nonexistent");
        Assert.True(rule.Handles(inspection, to), "the rule does not know the guest");

        var plan = await rule.PlanAsync(context, token);
        var whole = new FixupPlan([plan], plan.Findings);
        var applier = new PlanApplier(tree);
        await applier.ApplyAsync(whole, activity: null, token);
        await applier.VerifyAsync(whole, token);
        Assert.Empty((await rule.PlanAsync(context, token)).Edits);
        return plan;
    }
}
