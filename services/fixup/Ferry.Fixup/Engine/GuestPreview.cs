using System.Globalization;
using Ferry.Chunks.Disks;
using Ferry.Chunks.Nbd;
using Ferry.DiskImages;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;

namespace Ferry.Fixup.Engine;

/// <summary>What <c>ferry inspect</c> and <c>ferry check</c> ask: the guest on some disks and what a fix-up would do, without changing anything. Bus-free.</summary>
public sealed class GuestPreview(ApplianceOptions options, FixupEngine engine)
{
    /// <summary>Finds out what the disks hold.</summary>
    /// <exception cref="GuestRefusedException">There is no single system that could be opened.</exception>
    /// <exception cref="ApplianceException">The appliance failed.</exception>
    public Task<GuestInspection> InspectAsync(FixupTarget target, IReadOnlyList<IDiskImageReader> disks, IProgress<string>? activity, CancellationToken cancellationToken) =>
        WithDisksAsync(target, disks, activity, engine.InspectAsync, cancellationToken);

    /// <summary>Makes the plan; its findings say whether it would be refused.</summary>
    /// <exception cref="GuestRefusedException">The guest cannot be opened or no rule knows it.</exception>
    /// <exception cref="ApplianceException">The appliance failed.</exception>
    public Task<FixupResult> PlanAsync(FixupTarget target, IReadOnlyList<IDiskImageReader> disks, IProgress<string>? activity, CancellationToken cancellationToken) =>
        WithDisksAsync(target, disks, activity, engine.RunAsync, cancellationToken);

    private async Task<T> WithDisksAsync<T>(
        FixupTarget target, IReadOnlyList<IDiskImageReader> disks, IProgress<string>? activity, Func<FixupRequest, CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        var scratch = ScratchFolders.NewPath(options);
        ScratchFolders.Create(scratch);
        var servers = new List<NbdServer>();
        try
        {
            foreach (var disk in disks)
            {
                servers.Add(NbdServer.Start(new ReadOnlyBlockDevice(disk), Path.Combine(scratch, servers.Count.ToString(CultureInfo.InvariantCulture))));
            }

            var attached = servers.Select(s => new ApplianceDisk(s.SocketPath, ApplianceDisk.Nbd, ReadOnly: true)).ToList();
            return await run(new FixupRequest { Target = target, Disks = attached, Scratch = scratch, Apply = false, Activity = activity }, cancellationToken);
        }
        finally
        {
            foreach (var server in servers)
            {
                await server.DisposeAsync();
            }

            ScratchFolders.Delete(scratch);
        }
    }
}
