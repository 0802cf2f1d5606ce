using Ferry.Chunks.Store;
using Ferry.Contracts;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;
using Ferry.Hosting.Jobs;

namespace Ferry.Transfer;

/// <summary>Turns what the libraries throw into the failure that the operator sees. Anything else is a fault of the program and stays what it is.</summary>
public static class TransferFailures
{
    /// <summary>A failure of this service.</summary>
    public static JobFailedException Create(string code, string message, string where, string remedy, bool retryable = false, Exception? inner = null) =>
        new(new Failure { Code = code, Message = message, Where = where, Remedy = remedy, Retryable = retryable }, inner);

    /// <summary>A source that keeps sending bad data.</summary>
    public static JobFailedException BadData(string source, long offset, string what) => Create(
        TransferErrors.BadData,
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The source keeps sending {what}."),
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{source} at offset {offset}"),
        "Check the server and what is between it and Ferry (proxies, caches), then resume the transfer.");

    /// <summary>Whether <see cref="From"/> knows the exception.</summary>
    public static bool Knows(Exception exception) => exception is DiskImageException or ChunkStoreException or HttpRequestException or IOException or SourceCredentialException;

    /// <summary>The failure for an exception of a library.</summary>
    public static JobFailedException From(Exception exception, string place) => exception switch
    {
        SourceCredentialException credential => Create(TransferErrors.CredentialUnusable, credential.Message, place, credential.Remedy, false, credential),
        DiskImageException { Code: DiskImageErrors.SourceChanged } image => Create(
            image.Code, image.Message, Where(image, place),
            "The file at the source was replaced or written while it was read. Make sure that nothing writes to it, then convert again.", false, image),
        DiskImageException image => Create(
            image.Code, image.Message, Where(image, place), Remedy(image.Code), image.Code == DiskImageErrors.InputOutput, image),
        ChunkStoreException { Code: ChunkStoreErrors.Full } full => Full(full, place),
        ChunkStoreException chunk => Create(
            chunk.Code, chunk.Message, chunk.Place ?? place, Remedy(chunk.Code), chunk.Code is ChunkStoreErrors.InputOutput, chunk),
        _ => Create(DiskImageErrors.InputOutput, $"The source cannot be read: {exception.Message}", place, Remedy(DiskImageErrors.InputOutput), true, exception),
    };

    private static JobFailedException Full(ChunkStoreException full, string place) => new(
        new Failure { Code = full.Code, Message = full.Message, Where = full.Place ?? place, Remedy = Remedy(full.Code), Retryable = true }, full)
    {
        WaitReason = "space",
    };

    private static string Where(DiskImageException image, string place) => image.Where.Length > 0 ? image.Where : place;

    private static string Remedy(string code) => code switch
    {
        DiskImageErrors.InputOutput => "Check the network and the server; the transfer goes on by itself behind what has arrived.",
        DiskImageErrors.Truncated or DiskImageErrors.Corrupt => "Export the source again: this copy of it is damaged.",
        ChunkStoreErrors.Full => "Make room on the chunk store's disk; the transfer goes on by itself.",
        _ => "See docs/errors.md.",
    };
}
