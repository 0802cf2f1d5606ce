using System.Text;
using Ferry.Fixup.Guests.Linux.Selinux;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Engine;

/// <summary>
/// SELinux labels of what the fix-up makes: what the guest's policy says of the path, else that of its folder, which is what the guest's own kernel would give it. A
/// file system without labels (the EFI system partition) needs none. Where not even <c>/etc</c> has a label although SELinux is on, the guest is asked to label everything at its next start.
/// </summary>
internal sealed class GuestLabels(GuestTree tree)
{
    private const string Attribute = "security.selinux";
    private const string Relabel = "/.autorelabel";
    private const int RelabelMode = 0x1A4;
    private bool _isRead;
    private FileContexts? _policy;

    /// <summary>Labels a new entry.</summary>
    /// <exception cref="GuestVolumeException">The policy cannot be read, or the label not be set.</exception>
    public async Task LabelAsync(string path, CancellationToken cancellationToken)
    {
        if (!_isRead)
        {
            (_policy, _isRead) = (await FileContexts.ReadAsync(tree, cancellationToken), true);
        }

        if (_policy is null || await tree.Volume.GetAttributeAsync(path, Attribute, cancellationToken) is not null)
        {
            return;
        }

        var folder = path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";
        if (await tree.Volume.GetAttributeAsync(folder, Attribute, cancellationToken) is { } inherited)
        {
            var kind = (await tree.Volume.StatAsync(path, cancellationToken))?.Kind ?? GuestEntryKind.File;
            await tree.Volume.SetAttributeAsync(path, Attribute, _policy.Find(path, kind) is { } label ? Encoding.Latin1.GetBytes(label + "\0") : inherited, cancellationToken);
        }
        else if (await tree.Volume.GetAttributeAsync("/etc", Attribute, cancellationToken) is null && await tree.ResolveAsync(Relabel, followLast: false, cancellationToken) is null)
        {
            await tree.Volume.CreateAsync(Relabel, default, RelabelMode, owner: 0, group: 0, cancellationToken);
        }
    }
}
