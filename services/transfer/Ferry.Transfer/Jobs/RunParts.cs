using Ferry.Chunks.Manifests;
using Ferry.Hosting.Jobs;
using Ferry.Hosting.Library;
using Ferry.Transfer.Bandwidth;
using Ferry.Transfer.Fetching;
using Ferry.Transfer.Slots;
using Ferry.Transfer.Sources;
using Microsoft.Extensions.Options;

namespace Ferry.Transfer.Jobs;

/// <summary>What the runs of a process share.</summary>
public sealed class RunParts(
    TransferJobStore store,
    ManifestStore manifests,
    IRemoteFiles remote,
    SourceGuard guard,
    BandwidthScheduler scheduler,
    LimitsKeeper limits,
    SlotPool slots,
    ReceivingLog receiving,
    TransferSignals signals,
    TransferHints hints,
    [FromKeyedServices("transfer")] IJobQueue queue,
    LibraryShare library,
    IOptions<TransferOptions> options,
    IOptions<JobOptions> leases,
    TimeProvider time,
    ILogger<RunParts> logger)
{
    internal TransferJobStore Store => store;

    internal ManifestStore Manifests => manifests;

    internal IRemoteFiles Remote => remote;

    internal SourceGuard Guard => guard;

    internal BandwidthScheduler Scheduler => scheduler;

    internal LimitsKeeper Limits => limits;

    internal SlotPool Slots => slots;

    internal ReceivingLog Receiving => receiving;

    internal TransferSignals Signals => signals;

    internal TransferHints Hints => hints;

    internal LibraryShare Library => library;

    internal TransferOptions Options => options.Value;

    internal bool WaitForOutside => leases.Value.WaitForOutside;

    internal TimeSpan RenewSlots => TimeSpan.FromSeconds(leases.Value.LeaseSeconds / 3);

    internal TimeProvider Time => time;

    internal ILogger Logger => logger;

    // A job that waits is claimed at once instead of at its next look.
    internal Task WakeAsync(TransferJobDocument job) => queue.WakeAsync(job.Key());
}
