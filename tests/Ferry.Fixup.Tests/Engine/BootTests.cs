using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Tests.Engine;

/// <summary>The proof: on another disk controller the fixed-up guest reaches its login prompt, and the same guest as it was does not.</summary>
public sealed class BootTests
{
    [Fact]
    public async Task Boot_OnVirtio_OnlyTheFixedGuestReachesItsLogin()
    {
        using var scratch = new ScratchFolder();
        var disk = SampleGuest.Disk();
        var check = BootCheck();
        var layer = await SampleGuest.LayerAsync(disk, scratch.Path);
        var engine = SampleGuest.Engine();
        var request = new FixupRequest { Target = SampleGuest.Target, Disks = [new ApplianceDisk(layer, "qcow2", ReadOnly: false)], Scratch = scratch.Path, Apply = true };
        Assert.True((await engine.RunAsync(request, TestContext.Current.CancellationToken)).Applied);

        var (code, output) = await SampleGuest.TryRunAsync(check, layer, "--disk", "virtio", "--format", "qcow2", "--timeout", "600");
        Assert.True(code == 0, output);
        var (unfixed, why) = await SampleGuest.TryRunAsync(check, disk, "--disk", "virtio", "--format", "raw", "--timeout", "600");
        Assert.Equal(1, unfixed);
        Assert.Contains("/dev/sda2", why, StringComparison.Ordinal);
    }

    private static string BootCheck()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var script = Path.Combine(folder.FullName, "samples", "boot-check");
            if (File.Exists(script))
            {
                return script;
            }
        }

        Assert.Skip("samples/boot-check is not there");
        return "";
    }
}
