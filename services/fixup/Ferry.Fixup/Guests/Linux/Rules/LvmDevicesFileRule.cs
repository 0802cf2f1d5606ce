using Ferry.Contracts.Conversions;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>LVM's list of devices, and its caches of device names, go: they know the source's disks only, and a stale list hides the root's volume group.</summary>
public sealed class LvmDevicesFileRule : IFixupRule
{
    private const string List = "/etc/lvm/devices/system.devices";

    // The ids of what stands on other devices travel with the disks.
    private static readonly string[] StableIds = ["IDTYPE=lvmlv_uuid", "IDTYPE=md_uuid", "IDTYPE=crypt_uuid"];
    private static readonly string[] Caches = ["/etc/lvm/cache/.cache", "/etc/blkid.tab", "/etc/blkid/blkid.tab"];

    /// <inheritdoc/>
    public string Id => "linux-lvm-devices";

    /// <inheritdoc/>
    public bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.Handles(guest, target);

    /// <inheritdoc/>
    public async Task<RulePlan> PlanAsync(RuleContext context, CancellationToken cancellationToken)
    {
        var edits = new List<GuestEdit>();
        foreach (var file in Caches.Prepend(List))
        {
            if (await context.Tree.ResolveAsync(file, followLast: false, cancellationToken) is { } real
                && (file != List || IsStale(await context.Tree.ReadTextAsync(file, cancellationToken) ?? "")))
            {
                edits.Add(new GuestEdit
                {
                    Action = GuestEditAction.Remove,
                    Path = real,
                    Backup = file == List ? real + ".pre-fixup" : null,
                    Changes = [new GuestChange { Rule = Id, Path = file, Summary = "removed: it names the source's devices" }],
                });
            }
        }

        return new RulePlan { Rule = Id, Reason = edits.Count > 0 ? "LVM remembers devices that the target does not have." : "LVM remembers no devices of the source.", Edits = edits };
    }

    /// <summary>Whether an entry goes by something that the platform gives: a name, a serial number, a WWID.</summary>
    internal static bool IsStale(string list) =>
        list.Split('\n').Any(l => l.Contains("IDTYPE=", StringComparison.Ordinal) && !l.StartsWith('#') && !StableIds.Any(id => l.Contains(id, StringComparison.Ordinal)));
}
