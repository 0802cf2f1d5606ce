namespace Ferry.Cleanup;

/// <summary>What the service logs.</summary>
internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Information, "Conversion {ConversionId} is cleaned up: {Released} resources released, {Residue} left behind")]
    public static partial void Ended(ILogger logger, Guid conversionId, int released, int residue);

    [LoggerMessage(6002, LogLevel.Debug, "An answer of {Service} for conversion {ConversionId}, attempt {Attempt}, came late or from nobody who was asked")]
    public static partial void AnswerIgnored(ILogger logger, string service, Guid conversionId, int attempt);

    [LoggerMessage(6010, LogLevel.Information, "Run {Run} ({Kind}) over the chunk store begins, epoch {Epoch}")]
    public static partial void StoreTaskBegins(ILogger logger, string kind, Guid run, long epoch);

    [LoggerMessage(6011, LogLevel.Warning, "Another replica has run {Run} ({Kind}) over the chunk store")]
    public static partial void StoreTaskLost(ILogger logger, string kind, Guid run);

    [LoggerMessage(6012, LogLevel.Error, "Run {Run} ({Kind}) over the chunk store failed with {Code}")]
    public static partial void StoreTaskFailed(ILogger logger, Exception exception, string kind, Guid run, string code);

    [LoggerMessage(6013, LogLevel.Error, "The chunk store could not be looked after ({Kind}); it is tried again")]
    public static partial void StoreTaskBroke(ILogger logger, Exception exception, string kind);

    [LoggerMessage(6014, LogLevel.Warning, "The space of the chunk store could not be measured; it is tried again soon")]
    public static partial void StoreNotMeasured(ILogger logger, Exception exception);
}
