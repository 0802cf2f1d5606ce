using Ferry.Chunks.Store;
using Ferry.Contracts;
using Ferry.Conversion.Targets;
using Ferry.DiskImages;
using Ferry.Hosting.Jobs;

namespace Ferry.Conversion;

/// <summary>Turns what the libraries throw into the failure that the operator sees. Anything else is a fault of the program and stays what it is.</summary>
public static class ConversionFailures
{
    /// <summary>A failure of this service.</summary>
    public static JobFailedException Create(string code, string message, string where, string remedy, bool retryable = false, Exception? inner = null) =>
        new(new Failure { Code = code, Message = message, Where = where, Remedy = remedy, Retryable = retryable }, inner);

    /// <summary>Whether <see cref="From"/> knows the exception.</summary>
    public static bool Knows(Exception exception) => exception is DiskImageException or ChunkStoreException or TargetException or IOException or UnauthorizedAccessException;

    /// <summary>The failure for an exception of a library.</summary>
    public static JobFailedException From(Exception exception, string place) => exception switch
    {
        DiskImageException image => Create(image.Code, image.Message, image.Where.Length > 0 ? image.Where : place, Remedy(image.Code), IsTransient(image.Code), image),
        TargetException target => new JobFailedException(target.Failure, target),
        ChunkStoreException { Code: ChunkStoreErrors.Full } full => new JobFailedException(
            new Failure { Code = full.Code, Message = full.Message, Where = full.Place ?? place, Remedy = Remedy(full.Code), Retryable = true }, full)
        {
            WaitReason = "space",
        },
        ChunkStoreException chunk => Create(chunk.Code, chunk.Message, chunk.Place ?? place, Remedy(chunk.Code), IsTransient(chunk.Code), chunk),
        _ => Create(
            ConversionErrors.OutputNotWritable, $"The output folder cannot be written: {exception.Message}", place,
            "Check the folder, its permissions and its disk, then convert again.", retryable: exception is IOException, exception),
    };

    /// <summary>Whether the code means that the target's disk is full.</summary>
    public static bool IsNoSpace(string code) => code is DiskImageErrors.NoSpace or ChunkStoreErrors.Full or ConversionErrors.OutputNoSpace;

    private static bool IsTransient(string code) => code is DiskImageErrors.InputOutput or ChunkStoreErrors.InputOutput or ChunkStoreErrors.Full;

    private static string Remedy(string code) => code switch
    {
        DiskImageErrors.SourceChanged => "Stop whatever writes to the source (power the machine off, remove its snapshot chain's writer), then convert again.",
        DiskImageErrors.NoSpace => "Make room on the output folder's disk, then convert again.",
        DiskImageErrors.Truncated or DiskImageErrors.Corrupt => "Copy or export the source again: this copy of it is damaged.",
        ChunkStoreErrors.Full => "Make room on the chunk store's disk; the work goes on by itself.",
        ChunkStoreErrors.Missing or ChunkStoreErrors.Corrupt => "Capture the machine again: the store lost bytes of it. Check the store's disk.",
        _ => "See docs/errors.md.",
    };
}
