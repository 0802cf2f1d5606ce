using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Ferry.EndToEnd.Tests.Guests;

/// <summary>
/// What the guests have come to, as the table of docs/guests.md. Where <c>FERRY_GUEST_TABLE</c> names a file, and every run was made, it is put there between its marks;
/// <c>FERRY_GUEST_TABLE_COMMIT</c> is the commit that it names.
/// </summary>
internal sealed class GuestTable
{
    private static readonly GuestRun[] Runs = Enum.GetValues<GuestRun>();
    private readonly ConcurrentDictionary<(string Row, GuestRun Run), string> outcomes = new();

    /// <summary>Notes how a run has ended, and prints it.</summary>
    public void Add(GuestRow row, GuestRun run, string outcome)
    {
        outcomes[(row.Name, run)] = outcome;
        Console.WriteLine($"guest {row.Name}, {run}: {outcome}");
    }

    /// <summary>How a run has ended, or null.</summary>
    public string? Outcome(GuestRow row, GuestRun run) => outcomes.GetValueOrDefault((row.Name, run));

    /// <summary>Prints the table, if there were runs.</summary>
    public void Write()
    {
        if (!outcomes.IsEmpty)
        {
            MarkedTable.Write(Text(), "guests", "FERRY_GUEST_TABLE", GuestRows.All.All(row => Runs.All(run => outcomes.ContainsKey((row.Name, run)))));
        }
    }

    private string Text()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{MarkedTable.Heading("FERRY_GUEST_TABLE_COMMIT")}; seconds from power-on to the login.\n\n");
        text.Append("| guest | initial RAM disk | static address by | tools | `--to kvm` on virtio | `--to hyperv` on IDE or AHCI | Hyper-V's drivers | without fix-up on virtio |\n|---|---|---|---|---|---|---|---|\n");
        foreach (var row in GuestRows.All)
        {
            var cells = Runs.Select(run => Outcome(row, run) ?? "not run");
            text.Append(CultureInfo.InvariantCulture, $"| {Words(row.Layout)} | {row.Initramfs} | {row.Network} | {(row.Tools == "none" ? "" : row.Tools)} | {string.Join(" | ", cells)} |\n");
        }

        return text.ToString();
    }

    private static string Words(string layout) => layout switch
    {
        "ext4" => "BIOS, ext4, device names in fstab and GRUB",
        "lvm" => "BIOS, root and swap on LVM, filter for `/dev/sda`",
        "uefi" => "UEFI, GPT with ESP, ext4, no fallback loader",
        "xfs" => "BIOS, XFS root",
        "boot" => "BIOS, separate `/boot` (ext2)",
        "btrfs" => "BIOS, btrfs, root in a subvolume",
        _ => throw new ArgumentOutOfRangeException(nameof(layout), layout, null),
    };
}
