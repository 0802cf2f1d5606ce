namespace Ferry.Transfer;

/// <summary>Log messages; event ids 4000 to 4099.</summary>
internal static partial class Log
{
    [LoggerMessage(4000, LogLevel.Debug, "The hint {Type} could not be published.")]
    public static partial void HintFailed(ILogger logger, Exception exception, string type);

    [LoggerMessage(4001, LogLevel.Warning, "The limits of transfers could not be read; they stay as they were.")]
    public static partial void LimitsNotRead(ILogger logger, Exception exception);

    [LoggerMessage(4002, LogLevel.Warning, "Transfer job {Job} could not be looked at; it is tried again.")]
    public static partial void ControlFailed(ILogger logger, Exception exception, string job);

    [LoggerMessage(4003, LogLevel.Information, "Transfer job {Job} has a transient error ({Code}); it is tried again in {Seconds:F0} s.")]
    public static partial void TransientError(ILogger logger, Exception exception, string job, string code, double seconds);

    [LoggerMessage(4004, LogLevel.Warning, "Transfer job {Job} is in Error: {Code}.")]
    public static partial void Faulted(ILogger logger, Exception exception, string job, string code);

    [LoggerMessage(4006, LogLevel.Warning, "Upload {Job}, file {File}: the client sent other bytes for chunk {Chunk} (at {Offset}) than its id stands for.")]
    public static partial void WrongChunk(ILogger logger, string job, int file, long chunk, long offset);

    [LoggerMessage(4007, LogLevel.Warning, "Upload {Job}, file {File}: page {Page} is lost or damaged in the chunk store; the client has to send it again.")]
    public static partial void PageLost(ILogger logger, Exception exception, string job, int file, int page);

    [LoggerMessage(4008, LogLevel.Warning, "Upload {Job}: the request is refused ({Code}).")]
    public static partial void UploadRefused(ILogger logger, string job, string code);

    [LoggerMessage(4009, LogLevel.Warning, "Uploads could not be looked after; it is tried again.")]
    public static partial void UploadsNotSwept(ILogger logger, Exception exception);

    [LoggerMessage(4005, LogLevel.Warning, "What was asked of transfer job {Job} could not be finished; it is tried again.")]
    public static partial void CallUnfinished(ILogger logger, Exception exception, string job);

    [LoggerMessage(4020, LogLevel.Information, "Machine {Name} is removed from the library.")]
    public static partial void MachineRemoved(ILogger logger, string name);

    [LoggerMessage(4021, LogLevel.Warning, "The folder {Path} in the library belongs to no transfer job of this installation; it is left alone.")]
    public static partial void UnknownFolder(ILogger logger, string path);

    [LoggerMessage(4022, LogLevel.Warning, "What a crash may have left in the library ({What}) could not be looked at; it is tried again.")]
    public static partial void SweepFailed(ILogger logger, Exception exception, string what);
}
