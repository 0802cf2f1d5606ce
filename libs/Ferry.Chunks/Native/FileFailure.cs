using Ferry.Chunks.Store;

namespace Ferry.Chunks.Native;

/// <summary>Turns the system's errors into this library's.</summary>
internal static class FileFailure
{
    private const int NoSpace = 28;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WindowsHandleDiskFull = unchecked((int)0x80070027);

    /// <summary>Whether an exception is one of file access.</summary>
    public static bool Is(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>Whether the disk, or the user's share of it, is full.</summary>
    public static bool IsFull(Exception exception) =>
        exception is IOException { HResult: NoSpace or QuotaExceeded or WindowsDiskFull or WindowsHandleDiskFull };

    /// <summary>The exception to throw.</summary>
    public static ChunkStoreException Of(Exception exception, string place) => IsFull(exception)
        ? new ChunkStoreException(ChunkStoreErrors.Full, "The disk is full. Free space or move the folder; the work goes on from where it stands.", place, exception)
        : new ChunkStoreException(ChunkStoreErrors.InputOutput, $"The folder cannot be read or written: {exception.Message}", place, exception);
}
