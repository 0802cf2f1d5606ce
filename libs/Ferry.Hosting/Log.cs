using Microsoft.Extensions.Logging;

namespace Ferry.Hosting;

/// <summary>Log messages of Hosting: event ids 1000 to 1099.</summary>
internal static partial class Log
{
    [LoggerMessage(1000, LogLevel.Debug, "Job {Job} is claimed with epoch {Epoch}.")]
    public static partial void JobClaimed(ILogger logger, string job, long epoch);

    [LoggerMessage(1001, LogLevel.Information, "Job {Job} with epoch {Epoch}: {Outcome}.")]
    public static partial void JobSettled(ILogger logger, string job, long epoch, string outcome);

    [LoggerMessage(1002, LogLevel.Warning, "Job {Job} failed with {Code}.")]
    public static partial void JobFailed(ILogger logger, Exception exception, string job, string code);

    [LoggerMessage(1003, LogLevel.Warning, "The lease of job {Job} with epoch {Epoch} is lost; its handler is stopped.")]
    public static partial void LeaseLost(ILogger logger, string job, long epoch);

    [LoggerMessage(1004, LogLevel.Warning, "The lease of job {Job} could not be renewed, for {Seconds:F1} s now.")]
    public static partial void RenewalFailed(ILogger logger, Exception exception, string job, double seconds);

    [LoggerMessage(1005, LogLevel.Error, "The end of job {Job} could not be written; it is tried again while the lease lasts.")]
    public static partial void SettlementFailed(ILogger logger, Exception exception, string job);

    [LoggerMessage(1006, LogLevel.Error, "Service {Service} could not claim a job.")]
    public static partial void ClaimFailed(ILogger logger, Exception exception, string service);

    [LoggerMessage(1007, LogLevel.Error, "The run of job {Job} ended unexpectedly; its lease runs out and it is claimed again.")]
    public static partial void RunFailed(ILogger logger, Exception exception, string job);

    [LoggerMessage(1008, LogLevel.Debug, "Job {Job} was stopped: {Reason}.")]
    public static partial void JobStopped(ILogger logger, Exception exception, string job, string reason);

    [LoggerMessage(1009, LogLevel.Warning, "Job {Job} waits: {Code}.")]
    public static partial void JobWaits(ILogger logger, Exception exception, string job, string code);

    [LoggerMessage(1010, LogLevel.Debug, "Job {Job} gave its lease back: {Reason}")]
    public static partial void JobDeferred(ILogger logger, string job, string reason);

    [LoggerMessage(1020, LogLevel.Warning, "Message {MessageId} ({Type}) of {Document} could not be sent; the sweeper tries it again.")]
    public static partial void SendFailed(ILogger logger, Exception exception, Guid messageId, string type, string document);

    [LoggerMessage(1021, LogLevel.Error, "The pending messages of {Collection} could not be swept.")]
    public static partial void SweepFailed(ILogger logger, Exception exception, string collection);

    [LoggerMessage(1022, LogLevel.Debug, "The hint {Type} could not be published.")]
    public static partial void HintFailed(ILogger logger, Exception exception, string type);

    [LoggerMessage(1023, LogLevel.Information, "Sends {Count} messages of {Document} that were left behind.")]
    public static partial void SweptUp(ILogger logger, int count, string document);

    [LoggerMessage(1024, LogLevel.Warning, "Sent messages of {Document} could not be removed; they may be sent again with the same ids.")]
    public static partial void RemoveFailed(ILogger logger, Exception exception, string document);

    [LoggerMessage(1025, LogLevel.Error, "The document store does not answer: no messages are consumed until it does.")]
    public static partial void GateClosed(ILogger logger);

    [LoggerMessage(1026, LogLevel.Warning, "The document store answers again after {Seconds:F1} s: messages are consumed.")]
    public static partial void GateOpened(ILogger logger, double seconds);

    [LoggerMessage(1027, LogLevel.Error, "Message {MessageId} ({Type}) cannot be consumed from {Queue}: it is a dead letter.")]
    public static partial void Poisoned(ILogger logger, Exception? exception, Guid messageId, string type, string queue);

    [LoggerMessage(1028, LogLevel.Error, "Nobody could be told of dead letter {MessageId}; on RabbitMQ it lies in the error queue.")]
    public static partial void PoisonNotTold(ILogger logger, Exception exception, Guid messageId);

    [LoggerMessage(1040, LogLevel.Warning, "{Kind} {Place} could not be released.")]
    public static partial void ReleaseFailed(ILogger logger, Exception exception, string kind, string place);

    [LoggerMessage(1041, LogLevel.Warning, "Job {Job} did not stop; it is fenced off.")]
    public static partial void JobFenced(ILogger logger, string job);

    [LoggerMessage(1042, LogLevel.Warning, "Service {Service} could not say what it holds; it does so soon.")]
    public static partial void ReconcileFailed(ILogger logger, Exception exception, string service);

    [LoggerMessage(1060, LogLevel.Information, "Saga {Saga} has handled message {MessageId} ({Type}) before.")]
    public static partial void MessageHandledBefore(ILogger logger, Guid saga, Guid messageId, string type);

    [LoggerMessage(1061, LogLevel.Warning, "No saga {Saga} for message {Type}; it is dropped.")]
    public static partial void InstanceMissing(ILogger logger, Guid? saga, string type);

    [LoggerMessage(1062, LogLevel.Information, "Job {Job}, left by a process that died in epoch {Epoch}, is free again.")]
    public static partial void JobReclaimed(ILogger logger, string job, long epoch);

    [LoggerMessage(1080, LogLevel.Warning, "{Metric} could not be measured; it is tried again soon.")]
    public static partial void NotMeasured(ILogger logger, Exception exception, string metric);
}
