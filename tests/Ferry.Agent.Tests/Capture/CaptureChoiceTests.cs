using Ferry.Agent.Capture;
using Ferry.Agent.Inventory;
using Ferry.Agent.Tests.Inventory;

namespace Ferry.Agent.Tests.Capture;

/// <summary>Where to, which disks, and which upload.</summary>
public sealed class CaptureChoiceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://ferry.example", "https://ferry.example/")]
    [InlineData("https://ferry.example/base", "https://ferry.example/base/")]
    [InlineData("http://127.0.0.1:8080", "http://127.0.0.1:8080/")]
    [InlineData("http://ferry.example", null)]
    [InlineData("https://user:secret@ferry.example", null)]
    [InlineData("https://ferry.example/?key=secret", null)]
    [InlineData("ferry.example", null)]
    public void KeyAndDisks_DoNotTravelInTheOpen(string text, string? address)
    {
        if (address is not null)
        {
            Assert.Equal(address, ServerAddress.Parse(text).AbsoluteUri);
            return;
        }

        var refused = Assert.Throws<AgentException>(() => ServerAddress.Parse(text));
        Assert.Equal(AgentErrors.Usage, refused.Failure.Code);
        Assert.DoesNotContain("secret@", refused.Failure.Where, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DiskInUse_IsRefused_AndAnUnknownOne()
    {
        using var tree = new SystemTree().SataDisk("sda", "8:0", 2048, ("sda1", "8:1")).SataDisk("sdb", "8:16", 2048).File("/proc/self/mountinfo", "30 1 8:1 / / rw - ext4 /dev/sda1 rw");
        var inventory = await new InventoryReader(tree.Root, _ => []).ReadAsync(removable: false, volumes: false, Token);
        var refused = Assert.Throws<AgentException>(() => DiskSelection.Select(tree.Root, inventory, []));
        Assert.Equal((AgentErrors.DiskInUse, ExitCode.PreflightRefused), (refused.Failure.Code, ExitCode.Of(refused.Failure.Code)));
        Assert.Contains("/dev/sda1 is mounted on /", refused.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(["/dev/sdb"], DiskSelection.Select(tree.Root, inventory, ["/dev/sdb"]).Select(disk => disk.Path));
        Assert.Equal(AgentErrors.DiskUnknown, Assert.Throws<AgentException>(() => DiskSelection.Select(tree.Root, inventory, ["/dev/sdx"])).Failure.Code);
        Assert.Equal(AgentErrors.DiskUnknown, Assert.Throws<AgentException>(() => DiskSelection.Select(tree.Root, inventory, ["/dev/sda1"])).Failure.Code);
        Assert.Equal(AgentErrors.Usage, Assert.Throws<AgentException>(() => DiskSelection.Select(tree.Root, inventory, ["/dev/sdb", "/dev/sdb"])).Failure.Code);
    }

    [Fact]
    public async Task Upload_IsTheSameForUnchangedDisksInTheSameRunOfTheKernelOnly()
    {
        using var tree = new SystemTree().SataDisk("sda", "8:0", 2048).File("/proc/sys/kernel/random/boot_id", "one");
        var options = new CaptureOptions { Server = new Uri("https://ferry.example"), Key = "k", Name = "db01" };
        var inventory = await InventoryAsync();
        var id = CaptureIdentity.Of(options, inventory, ["sda 1"], 0);
        Assert.Equal(id, CaptureIdentity.Of(options with { Key = "another", MaxCpuPercent = 5 }, await InventoryAsync(), ["sda 1"], 0));
        tree.File("/proc/sys/kernel/random/boot_id", "two");
        var later = await InventoryAsync();
        Guid[] others =
        [
            CaptureIdentity.Of(options, later, ["sda 1"], 0), CaptureIdentity.Of(options, inventory, ["sda 2"], 0), CaptureIdentity.Of(options, inventory, ["sda 1"], 1),
            CaptureIdentity.Of(options with { Name = "db02" }, inventory, ["sda 1"], 0), CaptureIdentity.Of(options with { AllBlocks = true }, inventory, ["sda 1"], 0),
        ];
        Assert.Equal(5, others.Append(id).Distinct().Count() - 1);

        Task<MachineInventory> InventoryAsync() => new InventoryReader(tree.Root, _ => []).ReadAsync(removable: false, volumes: false, Token);
    }
}
