using Ferry.Fixup.Guests.Linux.Text;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Guests.Linux.Rules;

/// <summary>GRUB's map of disks has the target's names, for the guest's next grub-install. Not on SUSE, whose GRUB 1 reads it at every start of its tools and fails on a changed one.</summary>
public sealed class DeviceMapRule : TextRule
{
    /// <inheritdoc/>
    public override string Id => "linux-device-map";

    /// <inheritdoc/>
    public override bool Handles(GuestInspection guest, FixupTarget target) => LinuxRules.Handles(guest, target) && !LinuxRules.IsSuse(guest);

    /// <inheritdoc/>
    protected override string Needed => "The map of disks names one that has another name on the target.";

    /// <inheritdoc/>
    protected override string NotNeeded => "There is no map of disks, or it has the target's names.";

    /// <inheritdoc/>
    protected override IEnumerable<(string File, Func<string, TextEdit> Editor)> Editors(RuleContext context)
    {
        var prefix = context.Target.Platform == "kvm" ? "vd" : "sd";
        return [("/boot/grub/device.map", text => DeviceMapEditor.Edit(text, prefix)), ("/boot/grub2/device.map", text => DeviceMapEditor.Edit(text, prefix))];
    }
}
