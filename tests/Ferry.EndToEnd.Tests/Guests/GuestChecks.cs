using System.Globalization;

namespace Ferry.EndToEnd.Tests.Guests;

/// <summary>What a guest that has been moved has to say on its console.</summary>
internal static class GuestChecks
{
    /// <summary>Everything that the table promises.</summary>
    /// <param name="guest">The guest, logged in.</param>
    /// <param name="row">What it is.</param>
    /// <param name="source">How it was at its source.</param>
    /// <param name="adapter">Driver of the adapter that it is started with.</param>
    public static async Task CheckAsync(BootedGuest guest, GuestRow row, SourceGuest source, string adapter)
    {
        await CheckDisksAsync(guest, row);
        await CheckNetworkAsync(guest, adapter);
        var failed = (await guest.FailedUnitsAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Except(source.FailedUnits).ToList();
        Assert.True(failed.Count == 0, $"Units that did not fail at the source: {string.Join(", ", failed)}");
        if (row.Tools == "open-vm-tools")
        {
            Assert.Equal("installed", await guest.AskAsync("test -x /usr/bin/vmtoolsd && echo installed"));
            Assert.Equal("inactive\nnone", await guest.AskAsync("systemctl is-active open-vm-tools.service; grep -lx vmtoolsd /proc/[0-9]*/comm || echo none"));
        }
    }

    private static async Task CheckDisksAsync(BootedGuest guest, GuestRow row)
    {
        var root = row.IsLvm ? "root=/dev/mapper/guest--vg-root" : $"root=UUID={SourceGuest.RootUuid}";
        Assert.Contains(root, (await guest.AskAsync("cat /proc/cmdline")).Split(' '));
        Assert.Equal(SourceGuest.RootUuid, await guest.AskAsync("findmnt -no UUID /"));
        Assert.Equal("", await guest.AskAsync("grep -E '^/dev/(sd|vd|hd)' /etc/fstab"));
        Assert.Equal("1", await guest.AskAsync("swapon --noheadings | wc -l"));
        var mounts = row.Layout switch { "uefi" => "/boot/efi", "boot" => "/boot", _ => null };
        if (mounts is not null)
        {
            Assert.Equal(mounts, await guest.AskAsync($"findmnt -no TARGET {mounts}"));
        }
    }

    private static async Task CheckNetworkAsync(BootedGuest guest, string adapter)
    {
        var addresses = await guest.AskAsync("for i in $(seq 60); do ip -o -4 addr show dev ens192 | grep -q 192.0.2.10 && break; sleep 1; done; ip -o -4 addr show dev ens192");
        Assert.Contains("192.0.2.10/24", addresses, StringComparison.Ordinal);
        Assert.Contains("192.0.2.1 dev ens192", await guest.AskAsync("ip route show default"), StringComparison.Ordinal);
        Assert.Equal(SourceGuest.Mac, await guest.AskAsync("cat /sys/class/net/ens192/address"));
        Assert.Equal(adapter, await guest.AskAsync("basename $(readlink /sys/class/net/ens192/device/driver)"));
    }

    /// <summary>Has the guest write its initial RAM disk to the scratch disk, takes it from there, and asks modprobe for Hyper-V's modules in it.</summary>
    public static async Task<string> HyperVDriversAsync(BootedGuest guest, string folder)
    {
        var kernel = await guest.AskAsync("uname -r");
        var size = long.Parse(await guest.AskAsync($"stat -c %s /boot/initrd.img-{kernel}"), CultureInfo.InvariantCulture);
        Assert.Equal("0", await guest.AskAsync($"dd if=/boot/initrd.img-{kernel} of=$(readlink -f /dev/disk/by-id/*_scratch) bs=1M conv=fsync status=none; echo $?"));
        var initramfs = Path.Combine(folder, "initramfs");
        await using (var scratch = File.OpenRead(guest.Scratch))
        {
            var bytes = new byte[size];
            await scratch.ReadExactlyAsync(bytes);
            await File.WriteAllBytesAsync(initramfs, bytes);
        }

        var tree = Path.Combine(folder, "tree");
        await InitramfsTree.UnpackAsync(initramfs, tree);
        var loaded = new List<string>();
        foreach (var module in new[] { "hv_vmbus", "hv_storvsc", "hv_netvsc" })
        {
            var loads = (await Commands.ToolAsync("modprobe", "-n", "-v", "-d", tree, "-S", kernel, module)).Replace('-', '_');
            Assert.Contains(module, loads, StringComparison.Ordinal);
            loaded.Add(module);
        }

        return string.Join(", ", loaded);
    }
}
