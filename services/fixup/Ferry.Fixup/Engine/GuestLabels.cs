using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Engine;

/// <summary>
/// SELinux labels of what the fix-up makes: that of an entry of the same kind beside it, else that of its folder, which is what the guest's own kernel would give it. A
/// file system without labels (the EFI system partition) needs none. Where not even <c>/etc</c> has a label although SELinux is on, the guest is asked to label everything at its next start.
/// </summary>
internal sealed class GuestLabels(GuestTree tree)
{
    private const string Attribute = "security.selinux";
    private const string Relabel = "/.autorelabel";
    private const int RelabelMode = 0x1A4;
    private const int MostNeighbours = 20;
    private bool? _enabled;

    /// <summary>Labels a new entry.</summary>
    public async Task LabelAsync(string path, CancellationToken cancellationToken)
    {
        if (!(_enabled ??= IsEnabled(await tree.ReadTextAsync("/etc/selinux/config", cancellationToken))) || await tree.Volume.GetAttributeAsync(path, Attribute, cancellationToken) is not null)
        {
            return;
        }

        if (await NeighbourAsync(path, cancellationToken) is { } label)
        {
            await tree.Volume.SetAttributeAsync(path, Attribute, label, cancellationToken);
        }
        else if (await tree.Volume.GetAttributeAsync("/etc", Attribute, cancellationToken) is null && await tree.ResolveAsync(Relabel, followLast: false, cancellationToken) is null)
        {
            await tree.Volume.CreateAsync(Relabel, default, RelabelMode, owner: 0, group: 0, cancellationToken);
        }
    }

    /// <summary>Whether the configuration switches SELinux on; without one it is off.</summary>
    internal static bool IsEnabled(string? configuration) =>
        configuration?.Split('\n').Select(l => l.Trim()).LastOrDefault(l => l.StartsWith("SELINUX=", StringComparison.Ordinal)) is { } line && line is not "SELINUX=disabled";

    private async Task<byte[]?> NeighbourAsync(string path, CancellationToken cancellationToken)
    {
        var folder = path[..path.LastIndexOf('/')];
        var kind = (await tree.Volume.StatAsync(path, cancellationToken))?.Kind;
        foreach (var name in (await tree.ListAsync(folder.Length == 0 ? "/" : folder, cancellationToken)).Take(MostNeighbours))
        {
            var neighbour = $"{folder}/{name}";
            if (neighbour != path && (await tree.Volume.StatAsync(neighbour, cancellationToken))?.Kind == kind
                && await tree.Volume.GetAttributeAsync(neighbour, Attribute, cancellationToken) is { } label)
            {
                return label;
            }
        }

        return await tree.Volume.GetAttributeAsync(folder.Length == 0 ? "/" : folder, Attribute, cancellationToken);
    }
}
