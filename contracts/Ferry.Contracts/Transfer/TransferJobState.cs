namespace Ferry.Contracts.Transfer;

/// <summary>State of a transfer job: the words of the Background Intelligent Transfer Service.</summary>
public enum TransferJobState
{
    /// <summary>Waits for its turn: a slot, a worker, or a bandwidth window.</summary>
    Queued,

    /// <summary>Has a slot and asks the source.</summary>
    Connecting,

    /// <summary>Bytes move.</summary>
    Transferring,

    /// <summary>Stopped on request, or never started; nothing happens until it is resumed.</summary>
    Suspended,

    /// <summary>Something failed that may pass; it is tried again by itself.</summary>
    TransientError,

    /// <summary>Something failed that needs an operator; resuming it goes on behind what has arrived.</summary>
    Error,

    /// <summary>Everything has arrived and is verified; waits to be acknowledged.</summary>
    Transferred,

    /// <summary>Taken over by its owner. The end.</summary>
    Acknowledged,

    /// <summary>Given up, and what it made is removed. The end.</summary>
    Cancelled,
}
