using Ferry.Contracts;
using Ferry.Fixup.Guests.Linux.Rules;
using Ferry.Fixup.Tests.Volumes;

namespace Ferry.Fixup.Tests.Linux;

public sealed class CrypttabUuidRuleTests
{
    [Theory]
    [InlineData("data /dev/sdb1 none luks", "data UUID=5555-3 none luks")]
    [InlineData("data\t/dev/vdb1\t/root/key\tluks,discard # x", "data\tUUID=5555-3\t/root/key\tluks,discard # x")]
    [InlineData("data UUID=1 none luks", "data UUID=1 none luks")]
    [InlineData("data PARTUUID=1 none", "data PARTUUID=1 none")]
    [InlineData("data /dev/mapper/vg-x none luks", "data /dev/mapper/vg-x none luks")]
    [InlineData("# data /dev/sdb1 none luks", "# data /dev/sdb1 none luks")]
    [InlineData("nonsense", "nonsense")]
    public async Task Plan_Lines_AreEdited(string before, string after)
    {
        var volume = new MemoryVolume().File("/etc/crypttab", $"# head\n{before}\n");
        var plan = await RuleRun.RunAsync(new CrypttabUuidRule(), volume);

        Assert.Equal($"# head\n{after}\n", volume.Text("/etc/crypttab"));
        Assert.Equal(before != after, plan.Applies);
        Assert.Empty(plan.Findings);
    }

    [Theory]
    [InlineData("swap /dev/sda1 /dev/urandom swap")]
    [InlineData("gone /dev/sdq1 none luks")]
    public async Task Plan_NoLuksVolume_IsAFindingAndStays(string line)
    {
        var volume = new MemoryVolume().File("/etc/crypttab", line);
        var plan = await RuleRun.RunAsync(new CrypttabUuidRule(), volume);

        Assert.False(plan.Applies);
        Assert.Equal((FindingSeverity.Warning, "GUEST_DEVICE_UNRESOLVED"), plan.Findings.Select(f => (f.Severity, f.Id)).Single());
    }
}
