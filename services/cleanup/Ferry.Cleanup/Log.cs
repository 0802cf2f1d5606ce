namespace Ferry.Cleanup;

/// <summary>What the service logs.</summary>
internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Information, "Conversion {ConversionId} is cleaned up: {Released} resources released, {Residue} left behind")]
    public static partial void Ended(ILogger logger, Guid conversionId, int released, int residue);

    [LoggerMessage(6002, LogLevel.Debug, "An answer of {Service} for conversion {ConversionId}, attempt {Attempt}, came late or from nobody who was asked")]
    public static partial void AnswerIgnored(ILogger logger, string service, Guid conversionId, int attempt);
}
