namespace Ferry.Orchestrator;

/// <summary>The orchestrator's log events: 2000 to 2099.</summary>
internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Information, "Conversion {ConversionId} was silent since {Since:O}: its step's commands are sent again")]
    public static partial void Nudging(ILogger logger, Guid conversionId, DateTimeOffset since);

    [LoggerMessage(2002, LogLevel.Error, "The sweep failed and is repeated")]
    public static partial void SweepFailed(ILogger logger, Exception exception);
}
