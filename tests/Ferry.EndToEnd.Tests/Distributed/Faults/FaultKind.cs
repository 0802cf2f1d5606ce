namespace Ferry.EndToEnd.Tests.Distributed.Faults;

/// <summary>What is done to a running Ferry.</summary>
public enum FaultKind
{
    /// <summary>SIGKILL of the step's worker at a named fault point; another takes over.</summary>
    WorkerKilled,

    /// <summary>SIGKILL of the only orchestrator; it is started again.</summary>
    OrchestratorKilled,

    /// <summary>Two orchestrators at once, of which one gets SIGKILL and is not replaced.</summary>
    TwoOrchestrators,

    /// <summary>SIGSTOP of the step's only worker for more than two leases.</summary>
    Stopped,

    /// <summary>SIGSTOP of the step's worker until another has done the step; then it goes on.</summary>
    Zombie,

    /// <summary>RabbitMQ gets SIGKILL and is started again.</summary>
    BrokerRestarted,

    /// <summary>The database server gets SIGKILL and is started again.</summary>
    StoreRestarted,

    /// <summary>Every connection to RabbitMQ and to the database is reset, several times.</summary>
    ConnectionsCut,

    /// <summary>The chunk store's file system has no byte left, for a while.</summary>
    DiskFull,

    /// <summary>The source answers 503 for a while.</summary>
    SourceUnavailable,

    /// <summary>The source sends half of an answer and then nothing, for a while.</summary>
    SourceSlow,

    /// <summary>The source resets connections in the middle of an answer, for a while.</summary>
    SourceResets,

    /// <summary>The source sends fewer bytes than were asked for, for a while.</summary>
    SourceTruncates,

    /// <summary>The source sends other bytes for a chunk whose id is known, twice.</summary>
    SourceCorrupts,

    /// <summary>The source goes on sending other bytes for a chunk whose id is known.</summary>
    SourceKeepsCorrupting,

    /// <summary>The source's file is replaced.</summary>
    SourceChanges,

    /// <summary>Each message of the step is delivered three times, the last time much later.</summary>
    Duplicated,

    /// <summary>The messages of the step are held back and delivered in reverse order, and again much later.</summary>
    Reordered,
}
