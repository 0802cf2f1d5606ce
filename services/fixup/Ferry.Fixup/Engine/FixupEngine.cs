using Ferry.Contracts;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Volumes;

namespace Ferry.Fixup.Engine;

/// <summary>
/// Inspect, plan, apply, verify: one appliance for one machine. Knows nothing of the bus, of manifests or of overlays; the disks it is given are the caller's to keep or to drop.
/// </summary>
public sealed class FixupEngine(ApplianceLauncher launcher, FixupPlanner planner)
{
    /// <summary>Finds out what the disks hold. Works for guests that no rule handles.</summary>
    /// <exception cref="GuestRefusedException">There is no single system that could be opened.</exception>
    /// <exception cref="ApplianceException">The appliance failed.</exception>
    public async Task<GuestInspection> InspectAsync(FixupRequest request, CancellationToken cancellationToken)
    {
        request.Activity?.Report("starting the appliance");
        await using var session = await launcher.StartAsync(request.Scratch, request.Disks, cancellationToken);
        request.Passed?.Invoke("launched");
        request.Activity?.Report("inspecting");
        return await new GuestInspector(session).InspectAsync(request.Target.Machine, writable: false, cancellationToken);
    }

    /// <summary>Makes the plan, and carries it out when asked to.</summary>
    /// <exception cref="GuestRefusedException">The guest is refused; the caller drops the overlays.</exception>
    /// <exception cref="ApplianceException">The appliance failed; the caller drops the overlays.</exception>
    /// <exception cref="GuestVolumeException">A write failed or did not last; the caller drops the overlays.</exception>
    public async Task<FixupResult> RunAsync(FixupRequest request, CancellationToken cancellationToken)
    {
        request.Activity?.Report("starting the appliance");
        await using var session = await launcher.StartAsync(request.Scratch, request.Disks, cancellationToken);
        request.Passed?.Invoke("launched");
        request.Activity?.Report("inspecting");
        var inspector = new GuestInspector(session);
        var guest = await inspector.InspectAsync(request.Target.Machine, request.Apply, cancellationToken);
        var plan = await planner.PlanAsync(guest, request.Target, inspector.Tree, request.Scratch, request.Activity, cancellationToken);
        if (!request.Apply)
        {
            return new FixupResult(guest, plan, Applied: false, Sorted(plan.Findings));
        }

        if (plan.IsRefused)
        {
            throw new GuestRefusedException(Sorted(plan.Findings));
        }

        if (!plan.IsEmpty)
        {
            await new PlanApplier(inspector.Tree).ApplyAsync(plan, request.Activity, cancellationToken, () => request.Passed?.Invoke("applying"));
            request.Passed?.Invoke("applied");
            request.Activity?.Report("verifying");
            await VerifyAsync(session, inspector, guest, plan, request, cancellationToken);
        }

        await session.ShutdownAsync(cancellationToken);
        return new FixupResult(guest, plan, Applied: true, Sorted(plan.Findings));
    }

    /// <summary>Checks the guest's file systems as they are, without a change to them.</summary>
    /// <exception cref="GuestRefusedException">The guest cannot be opened any more.</exception>
    /// <exception cref="ApplianceException">The appliance failed.</exception>
    /// <exception cref="GuestVolumeException">A file system is not sound.</exception>
    public async Task CheckAsync(FixupRequest request, CancellationToken cancellationToken)
    {
        request.Activity?.Report("starting the appliance");
        await using var session = await launcher.StartAsync(request.Scratch, request.Disks, cancellationToken);
        request.Activity?.Report("checking the file systems");
        var guest = await new GuestInspector(session).InspectAsync(request.Target.Machine, writable: false, cancellationToken);
        await CheckFileSystemsAsync(session, guest, cancellationToken);
        await session.ShutdownAsync(cancellationToken);
    }

    private static IReadOnlyList<Finding> Sorted(IEnumerable<Finding> findings) => [.. findings.OrderByDescending(f => f.Severity)];

    /// <summary>File systems are checked unmounted; then everything is read again through a fresh read-only mount, and the rules must find nothing left to do.</summary>
    private async Task VerifyAsync(
        ApplianceSession session, GuestInspector inspector, GuestInspection guest, FixupPlan plan, FixupRequest request, CancellationToken cancellationToken)
    {
        await CheckFileSystemsAsync(session, guest, cancellationToken);
        await inspector.MountAsync(guest.Mounts, writable: false, cancellationToken);
        await new PlanApplier(inspector.Tree).VerifyAsync(plan, cancellationToken);
        var again = await planner.PlanAsync(guest, request.Target, inspector.Tree, request.Scratch, activity: null, cancellationToken);
        if (again.Rules.FirstOrDefault(r => r.Applies) is { } rule)
        {
            throw new GuestVolumeException(rule.Changes.First().Path, $"still needs {rule.Rule} after it was applied");
        }

        await session.CallAsync("umount-all", [], cancellationToken);
    }

    private static async Task CheckFileSystemsAsync(ApplianceSession session, GuestInspection guest, CancellationToken cancellationToken)
    {
        await session.CallAsync("umount-all", [], cancellationToken);
        await session.CallAsync("sync", [], cancellationToken);
        foreach (var fileSystem in guest.Mounts.Select(m => m.FileSystem).DistinctBy(f => f.BlockDevice))
        {
            try
            {
                await session.CallAsync("fsck", [fileSystem.Type, fileSystem.BlockDevice], cancellationToken);
            }
            catch (GuestfsException e)
            {
                throw new GuestVolumeException(fileSystem.BlockDevice, $"is not sound after the fix-up: {e.Message}", e);
            }
        }
    }
}
