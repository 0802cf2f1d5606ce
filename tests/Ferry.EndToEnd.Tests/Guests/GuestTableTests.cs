using System.Text.RegularExpressions;
using Ferry.TestServices;

namespace Ferry.EndToEnd.Tests.Guests;

/// <summary>
/// Guests of Debian's own archive, as VMware has them, converted by <c>ferry convert</c> and started on another controller and another adapter than their source's; each is asked
/// over its serial console. <c>FERRY_GUEST_ROWS</c>, a regular expression over the names, picks some. The result of a whole run stands in docs/guests.md; <see cref="GuestTable"/> says how it gets there.
/// </summary>
public sealed class GuestTableTests(GuestLab lab)
{
    /// <summary>Guests that the quick run starts as well.</summary>
    public static TheoryData<string> Few => Data(row => row.Quick);

    /// <summary>All.</summary>
    public static TheoryData<string> All => Data(_ => true);

    [Theory(SkipTestWithoutData = true)]
    [MemberData(nameof(Few))]
    public async Task Guest_BootsOnKvm(string guest)
    {
        var row = GuestRows.Named(guest);
        if (lab.Table.Outcome(row, GuestRun.Kvm) is { } known)
        {
            // The whole table has had it already.
            Assert.StartsWith("boots", known, StringComparison.Ordinal);
            return;
        }

        var source = await lab.GuestAsync(row);
        using var folder = new TempFolder("guests");
        await KvmAsync(row, source, await ConvertAsync(source, "kvm", folder.File("kvm")));
    }

    [Theory(SkipTestWithoutData = true)]
    [Trait("Tier", "all")]
    [MemberData(nameof(All))]
    public async Task Guest_BootsOnBothTargets_AndNotWithoutTheFixup(string guest)
    {
        var row = GuestRows.Named(guest);
        var source = await lab.GuestAsync(row);
        using var folder = new TempFolder("guests");
        var kvm = await ConvertAsync(source, "kvm", folder.File("kvm"));
        var kvmIsKnown = lab.Table.Outcome(row, GuestRun.Kvm) is not null;
        await Task.WhenAll(kvmIsKnown ? Task.CompletedTask : KvmAsync(row, source, kvm), HyperVAsync(row, source, folder), WithoutFixupAsync(row, source, kvm, folder));
    }

    [Fact]
    public void Rows_HoldEveryKindOfGuest()
    {
        Assert.Equal(GuestRows.All.Count, GuestRows.All.Select(row => row.Name).Distinct().Count());
        Assert.Equal(["boot", "btrfs", "ext4", "lvm", "uefi", "xfs"], GuestRows.All.Select(row => row.Layout).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["bzip2", "dracut", "gzip", "lz4", "lzma", "lzop", "xz", "zstd"], GuestRows.All.Select(row => row.Initramfs).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(["NetworkManager", "ifupdown", "netplan", "systemd-networkd"], GuestRows.All.Select(row => row.Network).Distinct().Order(StringComparer.Ordinal));
    }

    private static TheoryData<string> Data(Func<GuestRow, bool> which)
    {
        var only = Environment.GetEnvironmentVariable("FERRY_GUEST_ROWS") ?? "";
        return [.. GuestRows.All.Where(which).Select(row => row.Name).Where(name => Regex.IsMatch(name, only))];
    }

    private static async Task<string> ConvertAsync(SourceGuest source, string target, string output, params string[] more)
    {
        var result = await Commands.FerryAsync(["convert", source.Vmx, "--to", target, "--output", output, .. more]);
        Assert.True(result.ExitCode == 0, result.ToString());
        return output;
    }

    private static string Image(string output, string extension) => Directory.EnumerateFiles(output, "*" + extension).Single();

    private static string Seconds(BootedGuest guest) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{guest.Boot.TotalSeconds:0} s");

    private async Task KvmAsync(GuestRow row, SourceGuest source, string output)
    {
        await NotedAsync(row, GuestRun.Kvm, async () =>
        {
            await using var guest = await BootedGuest.StartAsync(Image(output, ".qcow2"), "qcow2", GuestDevices.Domain(Path.Combine(output, "domain.xml")));
            await guest.LogInAsync();
            await GuestChecks.CheckAsync(guest, row, source, "virtio_net");
            return "boots, " + Seconds(guest);
        });
    }

    private async Task HyperVAsync(GuestRow row, SourceGuest source, TempFolder folder)
    {
        await NotedAsync(row, GuestRun.HyperV, async () =>
        {
            var output = await ConvertAsync(source, "hyperv", folder.File("hyperv"));
            await using var guest = await BootedGuest.StartAsync(Image(output, ".vhdx"), "vhdx", GuestDevices.LikeHyperV(row), scratch: true);
            await guest.LogInAsync();
            await GuestChecks.CheckAsync(guest, row, source, row.IsUefi ? "e1000e" : "e1000");
            await NotedAsync(row, GuestRun.Drivers, () => GuestChecks.HyperVDriversAsync(guest, folder.File("")));
            return "boots, " + Seconds(guest);
        });
    }

    private async Task WithoutFixupAsync(GuestRow row, SourceGuest source, string kvm, TempFolder folder)
    {
        await NotedAsync(row, GuestRun.WithoutFixup, async () =>
        {
            var output = await ConvertAsync(source, "kvm", folder.File("unfixed"), "--no-fixup");
            await using var guest = await BootedGuest.StartAsync(Image(output, ".qcow2"), "qcow2", GuestDevices.Domain(Path.Combine(kvm, "domain.xml")));
            var outcome = await guest.OutcomeAsync();
            Assert.NotEqual("login:", outcome);

            // What the rehearsal of the same guest says of this belongs here: its verdict, with the line that it quotes.
            return $"`{outcome.Replace('|', ' ')}`";
        });
    }

    private async Task NotedAsync(GuestRow row, GuestRun run, Func<Task<string>> what)
    {
        try
        {
            lab.Table.Add(row, run, await what());
        }
        catch
        {
            lab.Table.Add(row, run, "**not as expected**");
            throw;
        }
    }
}
