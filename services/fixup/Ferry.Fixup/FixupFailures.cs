using Ferry.Chunks.Store;
using Ferry.Contracts;
using Ferry.DiskImages;
using Ferry.Fixup.Appliance;
using Ferry.Fixup.Inspection;
using Ferry.Fixup.Rehearsal;
using Ferry.Fixup.Volumes;
using Ferry.Hosting.Jobs;

namespace Ferry.Fixup;

/// <summary>Turns what a run throws into the failure that the operator sees. Anything else is a fault of the program and stays what it is.</summary>
public static class FixupFailures
{
    /// <summary>Whether <see cref="From"/> knows the exception.</summary>
    public static bool Knows(Exception exception) =>
        exception is GuestRefusedException or ApplianceException or RehearsalException or GuestVolumeException or GuestfsException or ChunkStoreException or DiskImageException;

    /// <summary>The failure.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="behind">What the disks themselves said, which then is the real cause.</param>
    public static JobFailedException From(Exception exception, Exception? behind) => (behind ?? exception) switch
    {
        GuestRefusedException refused => Refused(refused),
        ChunkStoreException { Code: ChunkStoreErrors.Full } full => new JobFailedException(
            new Failure { Code = full.Code, Message = full.Message, Where = full.Place ?? "", Remedy = "Make room; the work starts again by itself on a fresh overlay.", Retryable = true }, exception)
        {
            WaitReason = "space",
        },
        ChunkStoreException chunk => Create(chunk.Code, chunk.Message, chunk.Place ?? "", "Check the chunk store.", chunk.Code is ChunkStoreErrors.InputOutput, exception),
        DiskImageException image => Create(image.Code, image.Message, image.Where, "Check the source image.", image.Code == DiskImageErrors.InputOutput, exception),
        ApplianceException appliance => Create(appliance.Code, appliance.Message, "", Remedy(appliance.Code), appliance.Code != ApplianceException.NotStarted, exception),
        RehearsalException rehearsal => Create(rehearsal.Code, rehearsal.Message, "", rehearsal.Remedy, rehearsal.Code == RehearsalException.Broken, exception),
        GuestVolumeException volume => Create("GUEST_WRITE_FAILED", volume.Message, volume.GuestPath, "The source is untouched. Check the guest's file system and convert again.", false, exception),
        var other => Create("GUEST_WRITE_FAILED", other.Message, "", "The source is untouched. Check the guest's file systems and convert again.", false, exception),
    };

    private static JobFailedException Refused(GuestRefusedException refused)
    {
        var worst = refused.Findings.First(f => f.Severity == FindingSeverity.Error);
        var failure = new Failure { Code = worst.Id, Message = worst.Message, Remedy = worst.Remedy };
        return new JobFailedException(failure, refused, refused.Findings);
    }

    private static string Remedy(string code) => code switch
    {
        ApplianceException.NotStarted => "Install libguestfs0, qemu-system-x86 and linux-image-cloud-amd64 on the worker, and give it 1.5 GB of memory.",
        ApplianceException.TimedOut => "The work starts again on a fresh overlay; raise Fixup:Appliance:Timeout on a slow worker.",
        _ => "The work starts again on a fresh overlay.",
    };

    private static JobFailedException Create(string code, string message, string where, string remedy, bool retryable, Exception inner) =>
        new(new Failure { Code = code, Message = message, Where = where, Remedy = remedy, Retryable = retryable }, inner);
}
