using Ferry.Chunks.Disks;
using Ferry.Chunks.Manifests;
using Ferry.Contracts;
using Ferry.Contracts.Conversions;
using Ferry.Contracts.Fixup;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Engine;
using Ferry.Fixup.Rehearsal.Models;
using Ferry.Hosting.Jobs;
using Microsoft.Extensions.Options;

namespace Ferry.Fixup.Rehearsal;

/// <summary>manifests -> verdict: the machine is started on overlays that are dropped, whatever comes of it.</summary>
internal sealed class RehearseBootHandler(ManifestStore manifests, IOriginOpener origins, RehearsalEngine engine, IOptions<ApplianceOptions> options) : IJobHandler<RehearseBoot>
{
    /// <summary>The step's name.</summary>
    public const string Step = "rehearse";

    /// <inheritdoc/>
    public async Task<object> RunAsync(JobContext<RehearseBoot> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var scratch = ScratchFolders.NewPath(options.Value);
        await job.RecordResourceAsync(ScratchFolders.Kind, scratch, cancellationToken);
        ScratchFolders.Create(scratch);
        (RehearsalReport? Report, IReadOnlyList<Finding> Findings) seen;
        try
        {
            seen = await RehearseAsync(job, scratch, cancellationToken);
        }
        finally
        {
            ScratchFolders.Delete(scratch);
        }

        await job.ForgetResourceAsync(ScratchFolders.Kind, scratch, cancellationToken);
        return new BootRehearsed { ConversionId = job.ConversionId, Attempt = job.Command.Attempt, Epoch = job.Epoch, Rehearsal = seen.Report, Findings = seen.Findings };
    }

    private async Task<(RehearsalReport? Report, IReadOnlyList<Finding> Findings)> RehearseAsync(JobContext<RehearseBoot> job, string scratch, CancellationToken cancellationToken)
    {
        var command = job.Command;
        MachineDisks? disks = null;
        try
        {
            disks = await MachineDisks.OpenAsync(manifests, origins, command.Manifests, scratch, cancellationToken);
            var model = DeviceModel.For(command.Target, command.Machine, command.Guest);
            var result = await engine.RunAsync(Request(job, model, disks, scratch), cancellationToken);
            if (disks.FirstFault is { } fault)
            {
                // What a machine does with a broken disk says nothing of its guest.
                throw FixupFailures.From(fault, fault);
            }

            job.CheckLease();
            var report = await RehearsalRecords.MakeAsync(result, model, manifests, cancellationToken);
            return (report, RehearsalFindings.Of(report));
        }
        catch (RehearsalException e) when (!command.Required && disks?.FirstFault is null)
        {
            // A rehearsal that only reports ends no conversion, whatever is wrong with QEMU.
            return (null, [RehearsalFindings.NotPossible(e)]);
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

    private static RehearsalRequest Request(JobContext<RehearseBoot> job, DeviceModel model, MachineDisks disks, string scratch) => new()
    {
        Machine = job.Command.Machine,
        Model = model,
        Guest = job.Command.Guest,
        Disks = [.. disks.Attached.Select(disk => disk.Place)],
        Scratch = scratch,
        Activity = new JobActivity(Step, job.Report),
        Passed = point => job.FaultPoint("rehearse." + point),
    };
}
