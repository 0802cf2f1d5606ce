namespace Ferry.Transfer.Jobs;

/// <summary>What can happen to a transfer job.</summary>
public enum TransferTrigger
{
    /// <summary>Its owner lets it run.</summary>
    Resume,

    /// <summary>Its owner stops it.</summary>
    Suspend,

    /// <summary>Its owner gives it up.</summary>
    Cancel,

    /// <summary>Its owner takes the result; of a job in Error, what is complete.</summary>
    Acknowledge,

    /// <summary>A worker has a slot and asks the source.</summary>
    Connect,

    /// <summary>The source has answered.</summary>
    Open,

    /// <summary>The worker stops without a failure (yields, parks, ends), or the delay after a transient error is over.</summary>
    Requeue,

    /// <summary>Something failed that may pass.</summary>
    Fail,

    /// <summary>Something failed that needs an operator, or there was no progress for too long.</summary>
    Fault,

    /// <summary>Everything has arrived.</summary>
    Complete,
}
