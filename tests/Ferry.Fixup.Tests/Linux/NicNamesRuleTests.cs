using Ferry.Contracts;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Tests.Engine;
using Ferry.Fixup.Tests.Volumes;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Tests.Linux;

public sealed class NicNamesRuleTests
{
    private static readonly GuestInspection Guest = new() { Family = "linux", Distribution = "debian", BootLoader = "grub2" };

    [Fact]
    public async Task Plan_OneNameOneAdapter_IsPinned()
    {
        var edit = Assert.Single((await PlanAsync(new MemoryVolume().File("/etc/network/interfaces", "iface ens192 inet static\n"), SampleGuest.Machine)).Edits);

        Assert.Equal("/etc/systemd/network/10-ferry-ens192.link", edit.Path);
        Assert.Contains("MACAddress=00:0c:29:fe:55:01", System.Text.Encoding.ASCII.GetString(edit.Content.Span), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_PinnedAlready_DoesNothing() =>
        Assert.False((await PlanAsync(
            new MemoryVolume().File("/etc/network/interfaces", "iface ens192 inet static\n").File("/etc/systemd/network/50-mine.link", "[Match]\nMACAddress=00:0C:29:FE:55:01\n"),
            SampleGuest.Machine)).Applies);

    [Fact]
    public async Task Plan_TwoAdapters_IsAFinding()
    {
        var machine = SampleGuest.Machine with { Nics = [.. SampleGuest.Machine.Nics, new MachineNic { Index = 1, MacAddress = "000C29FE5502" }] };
        var plan = await PlanAsync(new MemoryVolume().File("/etc/network/interfaces", "iface ens192 inet static\niface ens224 inet dhcp\n"), machine);

        Assert.False(plan.Applies);
        Assert.Equal((FindingSeverity.Warning, "GUEST_NIC_AMBIGUOUS"), plan.Findings.Select(f => (f.Severity, f.Id)).Single());
    }

    [Fact]
    public async Task Plan_NoConfiguration_DoesNothing() => Assert.False((await PlanAsync(new MemoryVolume(), SampleGuest.Machine)).Applies);

    private static Task<RulePlan> PlanAsync(MemoryVolume volume, MachineDescription machine)
    {
        var context = new RuleContext(Guest, new FixupTarget("hyperv", null, machine), TargetDrivers.For("hyperv")!, new GuestTree(volume), "/nonexistent");
        return new NicNamesRule().PlanAsync(context, TestContext.Current.CancellationToken);
    }
}
