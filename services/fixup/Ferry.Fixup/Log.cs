namespace Ferry.Fixup;

/// <summary>The fix-up's log events: 5000 to 5099.</summary>
internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Information, "Guest appliances run with KVM.")]
    public static partial void KvmUsed(ILogger logger);

    [LoggerMessage(5002, LogLevel.Information, "Guest appliances run in emulation, which is slower; KVM is not used: {Reason}")]
    public static partial void KvmUnusable(ILogger logger, string reason);

    [LoggerMessage(5003, LogLevel.Warning, "A guest appliance started only without KVM, which this process uses no more: {Reason}")]
    public static partial void KvmGivenUp(ILogger logger, string reason);
}
