using System.Collections.Frozen;
using Ferry.Contracts.Transfer;
using static Ferry.Contracts.Transfer.TransferJobState;
using static Ferry.Transfer.Jobs.TransferTrigger;

namespace Ferry.Transfer.Jobs;

/// <summary>
/// The transitions of a transfer job: those of BITS, as one table. What is not in it is illegal; a row to the same state is a repeat, which is harmless.
/// Differs from BITS in two points: a job that has arrived cannot be suspended (nothing would be stopped), and one that a closed bandwidth window parks goes back to Queued
/// instead of TransientError (nothing failed).
/// </summary>
public static class TransferTransitions
{
    private static readonly FrozenDictionary<(TransferJobState, TransferTrigger), TransferJobState> Table = new (TransferJobState From, TransferTrigger On, TransferJobState To)[]
    {
        (Queued, Resume, Queued),
        (Queued, Suspend, Suspended),
        (Queued, Cancel, Cancelled),
        (Queued, Connect, Connecting),
        (Queued, Requeue, Queued),
        (Queued, Fail, TransientError),
        (Queued, Fault, Error),

        (Connecting, Resume, Connecting),
        (Connecting, Suspend, Suspended),
        (Connecting, Cancel, Cancelled),
        (Connecting, Connect, Connecting),
        (Connecting, Open, Transferring),
        (Connecting, Requeue, Queued),
        (Connecting, Fail, TransientError),
        (Connecting, Fault, Error),

        (Transferring, Resume, Transferring),
        (Transferring, Suspend, Suspended),
        (Transferring, Cancel, Cancelled),
        (Transferring, Open, Transferring),
        (Transferring, Requeue, Queued),
        (Transferring, Fail, TransientError),
        (Transferring, Fault, Error),
        (Transferring, Complete, Transferred),

        (Suspended, Resume, Queued),
        (Suspended, Suspend, Suspended),
        (Suspended, Cancel, Cancelled),

        (TransientError, Resume, Queued),
        (TransientError, Suspend, Suspended),
        (TransientError, Cancel, Cancelled),
        (TransientError, Requeue, Queued),
        (TransientError, Fail, TransientError),
        (TransientError, Fault, Error),

        (Error, Resume, Queued),
        (Error, Suspend, Suspended),
        (Error, Cancel, Cancelled),
        (Error, Acknowledge, Acknowledged),
        (Error, Fault, Error),

        (Transferred, Cancel, Cancelled),
        (Transferred, Acknowledge, Acknowledged),
        (Transferred, Complete, Transferred),

        (Acknowledged, Acknowledge, Acknowledged),

        (Cancelled, Cancel, Cancelled),
    }.ToFrozenDictionary(row => (row.From, row.On), row => row.To);

    /// <summary>The state that a job in <paramref name="state"/> goes to, the same one for a repeat, or null when it must not happen.</summary>
    public static TransferJobState? Next(TransferJobState state, TransferTrigger trigger) => Table.TryGetValue((state, trigger), out var next) ? next : null;

    /// <summary>Whether nothing can happen any more but a repeat.</summary>
    public static bool IsFinal(TransferJobState state) => state is Acknowledged or Cancelled;

    /// <summary>Whether a worker is, or was, at it.</summary>
    public static bool IsActive(TransferJobState state) => state is Connecting or Transferring;
}
