using Ferry.Contracts.Conversions;
using Ferry.Contracts.Machines;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Windows.Rules;

/// <summary>The EFI system partition has the loader that firmware without boot entries starts: entries stand in the source's NVRAM and do not travel.</summary>
public sealed class FallbackLoaderRule : WindowsRule
{
    private const int MaximumLoader = 64 * 1024 * 1024;
    private const int FileMode = 0x1ED;

    /// <inheritdoc/>
    public override string Id => "windows-fallback-loader";

    /// <inheritdoc/>
    protected override async Task<RulePlan> PlanAsync(RuleContext context, WindowsGuest guest, CancellationToken cancellationToken)
    {
        if (context.Guest.Firmware != Firmware.Uefi)
        {
            return new RulePlan { Rule = Id, Reason = "The guest boots with BIOS." };
        }

        // .../EFI/Microsoft/Boot/BCD
        var files = new WindowsFiles(context.Tree);
        var loader = guest.BootStore is { } store ? await files.FindAsync(store[..store.LastIndexOf('/')] + "/bootmgfw.efi", cancellationToken) : null;
        if (loader is null)
        {
            var finding = GuestFindings.BootFiles("The EFI system partition with Windows' boot manager was not found.");
            return new RulePlan { Rule = Id, Reason = finding.Message, Findings = [finding] };
        }

        var efi = loader[..loader.LastIndexOf('/')];
        efi = efi[..efi.LastIndexOf('/')];
        efi = efi[..efi.LastIndexOf('/')];
        var content = await context.Tree.Volume.ReadAsync(loader, MaximumLoader, cancellationToken);
        var name = context.Guest.Architecture == "aarch64" ? "BOOTAA64.EFI" : "BOOTX64.EFI";
        var existing = await files.FindAsync($"{efi}/BOOT/{name}", cancellationToken);
        if (existing is not null && (await context.Tree.Volume.ReadAsync(existing, MaximumLoader, cancellationToken)).AsSpan().SequenceEqual(content))
        {
            return new RulePlan { Rule = Id, Reason = "The fall-back loader is Windows' boot manager." };
        }

        var path = existing ?? $"{await files.FindAsync($"{efi}/BOOT", cancellationToken) ?? efi + "/BOOT"}/{name}";
        return new RulePlan
        {
            Rule = Id,
            Reason = "The target's firmware has no boot entry for Windows.",
            Edits =
            [
                new GuestEdit
                {
                    Path = path,
                    Content = content,
                    NewFileMode = existing is null ? FileMode : null,
                    Changes = [new GuestChange { Rule = Id, Path = path, Summary = $"copy of {loader}" }],
                },
            ],
        };
    }
}
