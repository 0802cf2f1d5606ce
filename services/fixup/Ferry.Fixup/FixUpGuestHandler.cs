using Ferry.Chunks;
using Ferry.Chunks.Collection;
using Ferry.Chunks.Disks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Planning;
using Ferry.Hosting.Documents;
using Ferry.Hosting.Jobs;
using Microsoft.Extensions.Options;

namespace Ferry.Fixup;

/// <summary>manifests -> manifests: the guest is fixed up on overlays; the first commit for the same manifests and target wins; whatever fails drops the overlays.</summary>
public sealed class FixUpGuestHandler(ManifestStore manifests, IOriginOpener origins, IDocumentStore documents, FixupEngine engine, GuestOffers offers, IOptions<ApplianceOptions> options)
    : IJobHandler<FixUpGuest>
{
    private const string Step = "fixup";

    /// <inheritdoc/>
    public async Task<object> RunAsync(JobContext<FixUpGuest> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var commits = documents.Collection<FixupCommit>(FixupCommit.Collection);
        var scripts = await offers.ReadScriptsAsync(job.Command.FirstBoot, cancellationToken);
        var id = FixupCommit.IdOf(job.Command, scripts, offers.Fingerprint(job.Command.Target));
        if (await StoredAsync(commits, id, cancellationToken) is { } before)
        {
            return Answer(job, before);
        }

        var scratch = ScratchFolders.NewPath(options.Value);
        await job.RecordResourceAsync(ScratchFolders.Kind, scratch, cancellationToken);
        ScratchFolders.Create(scratch);
        FixupCommit commit;
        try
        {
            commit = await FixUpAsync(job, id, scripts, scratch, cancellationToken);
        }
        finally
        {
            ScratchFolders.Delete(scratch);
        }

        await job.ForgetResourceAsync(ScratchFolders.Kind, scratch, cancellationToken);
        var first = await commits.TryInsertAsync(commit, cancellationToken) ? commit : await commits.GetAsync(id, cancellationToken) ?? commit;
        job.FaultPoint("fixup.committed");
        return Answer(job, first);
    }

    private static GuestFixedUp Answer(JobContext<FixUpGuest> job, FixupCommit commit) => new()
    {
        ConversionId = job.ConversionId,
        Attempt = job.Command.Attempt,
        Epoch = job.Epoch,
        Manifests = commit.Manifests,
        Guest = commit.Guest,
        Findings = commit.Findings,
    };

    /// <summary>An earlier result, if its manifests and all their chunks are still there; otherwise it is forgotten.</summary>
    private async Task<FixupCommit?> StoredAsync(IDocumentCollection<FixupCommit> commits, string id, CancellationToken cancellationToken)
    {
        if (await commits.GetAsync(id, cancellationToken) is not { } commit)
        {
            return null;
        }

        foreach (var root in commit.Manifests)
        {
            // No service answers with a remembered result: its chunks may have been collected, all or some of them.
            if (!await ManifestPresence.ClaimAsync(manifests, ChunkId.Parse(root), cancellationToken))
            {
                await commits.DeleteAsync(id, cancellationToken);
                return null;
            }
        }

        return commit;
    }

    private async Task<FixupCommit> FixUpAsync(JobContext<FixUpGuest> job, string id, IReadOnlyList<FirstBootScript> scripts, string scratch, CancellationToken cancellationToken)
    {
        MachineDisks? disks = null;
        try
        {
            disks = await MachineDisks.OpenAsync(manifests, origins, job.Command.Manifests, scratch, cancellationToken);
            var result = await engine.RunAsync(Request(job, disks, scratch, scripts, options.Value.PackageFolder), cancellationToken);
            job.Report(new DiskProgress { Step = Step, BytesDone = 0, BytesTotal = 0, Activity = "committing" });
            job.CheckLease();
            return new FixupCommit
            {
                Id = id,
                Manifests = result.Plan is { IsEmpty: false } ? await disks.CommitAsync(manifests, cancellationToken) : job.Command.Manifests,
                Guest = result.ToReport(),
                Findings = result.Findings,
            };
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

    private static FixupRequest Request(JobContext<FixUpGuest> job, MachineDisks disks, string scratch, IReadOnlyList<FirstBootScript> scripts, string? packages) => new()
    {
        Target = new FixupTarget(job.Command.Target, job.Command.Generation, job.Command.Machine) { FirstBootScripts = scripts, PackageFolder = packages },
        Disks = disks.Attached,
        Scratch = scratch,
        Apply = true,
        Activity = new ActivityReport(job),
        Passed = point => job.FaultPoint("fixup." + point),
    };

    private sealed class ActivityReport(JobContext<FixUpGuest> job) : IProgress<string>
    {
        public void Report(string value) => job.Report(new DiskProgress { Step = Step, BytesDone = 0, BytesTotal = 0, Activity = value });
    }
}
