using Ferry.Contracts.Transfer;

namespace Ferry.Transfer.Jobs;

/// <summary>What was asked of a transfer job is not possible in its state. Nothing was changed.</summary>
public sealed class TransferTransitionException(TransferJobState state, TransferTrigger trigger) : Exception($"A job that is {state} cannot {trigger}.")
{
    /// <summary>The state.</summary>
    public TransferJobState State { get; } = state;

    /// <summary>What was asked.</summary>
    public TransferTrigger Trigger { get; } = trigger;
}
