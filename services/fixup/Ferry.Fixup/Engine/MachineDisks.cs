using System.Globalization;
using Ferry.Chunks;
using Ferry.Chunks.Disks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Nbd;
using Ferry.Chunks.Overlay;
using Ferry.Fixup.Appliance;

namespace Ferry.Fixup.Engine;

/// <summary>A machine's disks by their manifests, each writable through an overlay and exported on a Unix socket. Dropped as a whole unless committed.</summary>
internal sealed class MachineDisks : IAsyncDisposable
{
    private readonly List<OverlayDisk> _overlays = [];
    private readonly List<NbdServer> _servers = [];
    private readonly List<IAsyncDisposable> _owned = [];

    private MachineDisks()
    {
    }

    /// <summary>The disks as the appliance attaches them.</summary>
    public IReadOnlyList<ApplianceDisk> Attached => [.. _servers.Select(s => new ApplianceDisk(s.SocketPath, ApplianceDisk.Nbd, ReadOnly: false))];

    /// <summary>What really stands behind an input/output error that the guest worker saw, or null.</summary>
    public Exception? FirstFault => _servers.Select(s => s.FirstFault?.Cause).FirstOrDefault(f => f is not null);

    /// <summary>Opens the disks.</summary>
    public static async Task<MachineDisks> OpenAsync(ManifestStore manifests, IOriginOpener origins, IReadOnlyList<string> roots, string folder, CancellationToken cancellationToken)
    {
        var disks = new MachineDisks();
        try
        {
            for (var i = 0; i < roots.Count; i++)
            {
                var below = new ManifestDisk(manifests, await manifests.OpenAsync(ChunkId.Parse(roots[i]), cancellationToken), origins);
                disks._owned.Add(below);
                var place = Directory.CreateDirectory(Path.Combine(folder, i.ToString(CultureInfo.InvariantCulture))).FullName;
                var overlay = new OverlayDisk(below, place);
                disks._owned.Add(overlay);
                disks._overlays.Add(overlay);
                var server = NbdServer.Start(overlay, place);
                disks._owned.Add(server);
                disks._servers.Add(server);
            }

            return disks;
        }
        catch
        {
            await disks.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes new manifests of what was written; an unchanged disk keeps its manifest.</summary>
    public async Task<IReadOnlyList<string>> CommitAsync(ManifestStore manifests, CancellationToken cancellationToken)
    {
        var roots = new List<string>();
        foreach (var overlay in _overlays)
        {
            roots.Add((await overlay.CommitAsync(manifests, cancellationToken)).Root.ToString());
        }

        await manifests.Chunks.FlushAsync(cancellationToken);
        return roots;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        for (var i = _owned.Count - 1; i >= 0; i--)
        {
            await _owned[i].DisposeAsync();
        }
    }
}
