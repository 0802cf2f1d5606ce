using Ferry.Contracts.Machines;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>The boot loader is also where firmware looks that knows no boot entry, as entries do not move with disks: <c>\EFI\BOOT\BOOTX64.EFI</c>.</summary>
public sealed class UefiFallbackRule : IFixupRule
{
    private const string Vendors = "/boot/efi/EFI";
    private const string Loader = "BOOTX64.EFI";
    private const long FileLimit = 32 * 1024 * 1024;
    private const long SpaceMargin = 64 * 1024;

    // First loader that is there, with what it looks for beside itself, under the names it looks for.
    private static readonly (string Loader, (string From, string To)[] Beside)[] Sets =
    [
        ("shimx64.efi", [("grubx64.efi", "grubx64.efi"), ("mmx64.efi", "mmx64.efi"), ("grub.cfg", "grub.cfg")]),
        ("shim.efi", [("grub.efi", "grub.efi"), ("MokManager.efi", "MokManager.efi"), ("grub.cfg", "grub.cfg")]),
        ("grubx64.efi", [("grub.cfg", "grub.cfg")]),
        ("grub.efi", [("grub.conf", "BOOTX64.conf")]),
    ];

    /// <inheritdoc/>
    public string Id => "linux-uefi-fallback";

    /// <inheritdoc/>
    public bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.Handles(guest, target) && guest.Firmware == Firmware.Uefi && guest.Architecture is "x86_64" or "";

    /// <inheritdoc/>
    public async Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var folders = await context.Tree.ListAsync(Vendors, cancellationToken);
        var fallback = Named(folders, "BOOT") ?? "BOOT";
        var there = await context.Tree.ListAsync($"{Vendors}/{fallback}", cancellationToken);
        if (Named(there, Loader) is not null)
        {
            return new RulePlan { Rule = Id, Reason = "The fallback loader is there." };
        }

        foreach (var folder in folders.Where(f => f != fallback).OrderByDescending(f => IsOf(f, context.Guest.Distribution)).ThenBy(f => f, StringComparer.Ordinal))
        {
            var files = await context.Tree.ListAsync($"{Vendors}/{folder}", cancellationToken);
            foreach (var set in Sets)
            {
                if (Named(files, set.Loader) is { } loader)
                {
                    var copies = set.Beside.Select(b => (From: Named(files, b.From), b.To)).Where(b => b.From is not null && Named(there, b.To) is null).Select(b => (b.From!, b.To));
                    return await PlanAsync(context, $"{Vendors}/{folder}", $"{Vendors}/{fallback}", [(loader, Loader), .. copies], cancellationToken);
                }
            }
        }

        return new RulePlan
        {
            Rule = Id,
            Reason = "No boot loader was found on the EFI system partition.",
            Findings = [GuestFindings.NoUefiLoader(context.Guest.Mounts.Any(m => m.Path == "/boot/efi") ? "holds no boot loader that is known" : "is not mounted at /boot/efi by fstab")],
        };
    }

    private static string? Named(IEnumerable<string> names, string name) => names.FirstOrDefault(n => string.Equals(n, name, StringComparison.OrdinalIgnoreCase));

    private static bool IsOf(string folder, string distribution) =>
        distribution.StartsWith(folder, StringComparison.OrdinalIgnoreCase) || (distribution == "rhel" && string.Equals(folder, "redhat", StringComparison.OrdinalIgnoreCase));

    private async Task<RulePlan> PlanAsync(RuleContext context, string from, string to, IReadOnlyList<(string From, string To)> copies, CancellationToken cancellationToken)
    {
        var edits = new List<GuestEdit>();
        foreach (var (source, name) in copies)
        {
            // FAT knows no other mode than the one it is mounted with.
            var content = await context.Tree.ReadAsync($"{from}/{source}", FileLimit, cancellationToken);
            if (content is not null && await OwnFile.PlanAsync(context, Id, $"{to}/{name}", content, OwnFile.Executable, $"copy of {from}/{source}", cancellationToken) is { } edit)
            {
                edits.Add(edit);
            }
        }

        var needed = edits.Sum(e => (long)e.Content.Length) + SpaceMargin;
        var free = await context.Tree.Volume.FreeSpaceAsync(Vendors, cancellationToken);
        return needed > free
            ? new RulePlan { Rule = Id, Reason = "The EFI system partition is full.", Findings = [GuestFindings.NoSpace(Vendors, needed, free)] }
            : new RulePlan { Rule = Id, Reason = "Firmware without a boot entry finds no boot loader.", Edits = edits };
    }
}
