using Ferry.Chunks;
using Ferry.Chunks.Collection;
using Ferry.Chunks.Disks;
using Ferry.Chunks.Manifests;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Planning;
using Ferry.Fixup.Rehearsal.Models;
using Ferry.Fixup.Rehearsal.Signs;
using Ferry.Fixup.Volumes;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Microsoft.Extensions.Options;

namespace Ferry.Fixup.Rehearsal.FirstBoot;

/// <summary>
/// manifests -> manifests: the machine is started on overlays, runs what waits for its first boot and switches itself off; its file systems are checked, and the overlays
/// committed. When anything of that does not come about, the overlays are dropped and the first boot is left to the target.
/// </summary>
internal sealed class RunFirstBootHandler(
    ManifestStore manifests, IOriginOpener origins, IDocumentStore documents, RehearsalEngine rehearsal, FixupEngine fixup, IOptions<ApplianceOptions> options) : IJobHandler<RunFirstBoot>
{
    /// <summary>The step's name.</summary>
    public const string Step = "first-boot";

    /// <inheritdoc/>
    public async Task<object> RunAsync(JobContext<RunFirstBoot> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        if (!job.Command.Guest.Changes.Any(change => FirstBootRules.Ids.Contains(change.Rule)))
        {
            return Answer(job, job.Command.Manifests, null, []);
        }

        var commits = documents.Collection<FirstBootCommit>(FirstBootCommit.Collection);
        var id = FirstBootCommit.IdOf(job.Command);
        if (await StoredAsync(commits, id, cancellationToken) is { } before)
        {
            return Answer(job, before.Manifests, before.Run, []);
        }

        var scratch = ScratchFolders.NewPath(options.Value);
        await job.RecordResourceAsync(ScratchFolders.Kind, scratch, cancellationToken);
        ScratchFolders.Create(scratch);
        (FirstBootCommit? Commit, RehearsalReport? Run, Finding? Left) done;
        try
        {
            done = await BootAsync(job, id, scratch, cancellationToken);
        }
        finally
        {
            ScratchFolders.Delete(scratch);
        }

        await job.ForgetResourceAsync(ScratchFolders.Kind, scratch, cancellationToken);
        if (done.Commit is not { } commit)
        {
            return Answer(job, job.Command.Manifests, done.Run, [done.Left!]);
        }

        // What ran twice gave other bytes: the first commit for the same manifests stands.
        var first = await commits.TryInsertAsync(commit, cancellationToken) ? commit : await commits.GetAsync(id, cancellationToken) ?? commit;
        job.FaultPoint("firstBoot.committed");
        return Answer(job, first.Manifests, first.Run, []);
    }

    private static FirstBootRan Answer(JobContext<RunFirstBoot> job, IReadOnlyList<string> roots, RehearsalReport? run, IReadOnlyList<Finding> findings) => new()
    {
        ConversionId = job.ConversionId,
        Attempt = job.Command.Attempt,
        Epoch = job.Epoch,
        Manifests = roots,
        Run = run,
        Findings = findings,
    };

    private async Task<FirstBootCommit?> StoredAsync(IDocumentCollection<FirstBootCommit> commits, string id, CancellationToken cancellationToken)
    {
        if (await commits.GetAsync(id, cancellationToken) is not { } commit)
        {
            return null;
        }

        // No service answers with a remembered result: its chunks may have been collected.
        foreach (var root in commit.Manifests.Append(commit.Run.ScreenManifest).OfType<string>())
        {
            if (!await ManifestPresence.ClaimAsync(manifests, ChunkId.Parse(root), cancellationToken))
            {
                await commits.DeleteAsync(id, cancellationToken);
                return null;
            }
        }

        return commit;
    }

    private async Task<(FirstBootCommit? Commit, RehearsalReport? Run, Finding? Left)> BootAsync(
        JobContext<RunFirstBoot> job, string id, string scratch, CancellationToken cancellationToken)
    {
        var command = job.Command;
        MachineDisks? disks = null;
        RehearsalReport? run = null;
        try
        {
            disks = await MachineDisks.OpenAsync(manifests, origins, command.Manifests, scratch, cancellationToken);
            var model = DeviceModel.For(command.Target, command.Machine, command.Guest);
            var result = await rehearsal.RunAsync(Request(job, model, disks, scratch), cancellationToken);
            if (disks.FirstFault is { } fault)
            {
                throw FixupFailures.From(fault, fault);
            }

            run = await RehearsalRecords.MakeAsync(result, model, manifests, cancellationToken);
            if (run.Sign != BootSign.NameOf(BootSignKind.PoweredOff))
            {
                return (null, run, RehearsalFindings.FirstBootLeft(run.Sign is null ? $"the guest had not switched itself off when the time was up; last: {RehearsalFindings.Said(run)}" : RehearsalFindings.Said(run)));
            }

            await fixup.CheckAsync(Check(job, disks, scratch), cancellationToken);
            job.CheckLease();
            return (new FirstBootCommit { Id = id, Manifests = await disks.CommitAsync(manifests, cancellationToken), Run = run }, run, null);
        }
        catch (RehearsalException e) when (disks?.FirstFault is null)
        {
            return (null, run, RehearsalFindings.FirstBootLeft($"{e.Message} {e.Remedy}"));
        }
        catch (Exception e) when (e is GuestRefusedException or GuestVolumeException or GuestfsException && disks?.FirstFault is null)
        {
            return (null, run, RehearsalFindings.FirstBootLeft($"its file systems are not sound behind it: {e.Message}"));
        }
        catch (Exception e) when (FixupFailures.Knows(e))
        {
            throw FixupFailures.From(e, disks?.FirstFault);
        }
        finally
        {
            if (disks is not null)
            {
                await disks.DisposeAsync();
            }
        }
    }

    private static RehearsalRequest Request(JobContext<RunFirstBoot> job, DeviceModel model, MachineDisks disks, string scratch) => new()
    {
        Machine = job.Command.Machine,
        Model = model,
        Guest = job.Command.Guest,
        Disks = [.. disks.Attached.Select(disk => disk.Place)],
        Scratch = scratch,
        FirstBoot = true,
        Activity = new JobActivity(Step, job.Report),
        Passed = point => job.FaultPoint("firstBoot." + point),
    };

    private static FixupRequest Check(JobContext<RunFirstBoot> job, MachineDisks disks, string scratch) => new()
    {
        Target = new FixupTarget(job.Command.Target, null, job.Command.Machine),
        Disks = disks.Attached,
        Scratch = scratch,
        Apply = false,
        Activity = new JobActivity(Step, job.Report),
    };
}
