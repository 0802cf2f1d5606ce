using Ferry.Contracts;

namespace Ferry.Hosting.Jobs;

/// <summary>
/// Thrown by a handler that cannot go on now and has not failed: it waits for a slot, a window, a time or an operator. The lease is given back, what is proven stays, and no
/// retry is counted. A <see cref="IJobQueue.WakeAsync"/> that comes while the handler is still leaving is not lost.
/// </summary>
/// <param name="wait">How long nobody may claim the job; null until it is woken.</param>
/// <param name="waitingFor">What the conversion shows meanwhile, or null to leave its progress as it is.</param>
/// <param name="inner">What brought it about, or null.</param>
public sealed class JobDeferredException(TimeSpan? wait, WaitingFor? waitingFor, Exception? inner = null) : Exception(waitingFor?.Detail ?? "The job waits.", inner)
{
    /// <summary>How long nobody may claim the job; null until it is woken.</summary>
    public TimeSpan? Wait { get; } = wait;

    /// <summary>What the conversion shows meanwhile, or null.</summary>
    public WaitingFor? WaitingFor { get; } = waitingFor;
}
