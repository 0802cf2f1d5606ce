namespace Ferry.Hosting.Jobs;

/// <summary>The jobs of one service; keyed by the service's name. Its consumers submit here and are done.</summary>
public interface IJobQueue
{
    /// <summary>
    /// Makes a job of a command. The same command again is the same job: nothing happens while it waits or runs, and once it has ended its result is sent again
    /// (with the same message id), as the sender cannot have taken it yet.
    /// </summary>
    /// <param name="key">What makes the job unique.</param>
    /// <param name="command">The command; its type must have a handler in this service.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task SubmitAsync<TCommand>(JobKey key, TCommand command, CancellationToken cancellationToken = default) where TCommand : class;

    /// <summary>As the other, with a priority: lower goes first (0 foreground, 1 high, 2 normal, 3 low).</summary>
    Task SubmitAsync<TCommand>(JobKey key, TCommand command, int priority, CancellationToken cancellationToken = default) where TCommand : class;

    /// <summary>Says what all jobs of a conversion in this service should do; waiting jobs change at once, workers of running ones learn it in about a second.</summary>
    /// <returns>How many jobs it concerned.</returns>
    Task<int> SetDesiredAsync(Guid conversionId, DesiredState desired, CancellationToken cancellationToken = default);

    /// <summary>
    /// Suspends all jobs of a conversion in this service, also those that are submitted later, or lets them go on. Only a revision above those before changes anything,
    /// so that repeats and late messages are harmless; the newest one may be repeated.
    /// </summary>
    Task HoldAsync(Guid conversionId, int revision, bool held, CancellationToken cancellationToken = default);

    /// <summary>Lets a job that waits (<see cref="JobDeferredException"/>, or a retry) be claimed now. Harmless when it runs, is suspended or has ended.</summary>
    Task WakeAsync(JobKey key, CancellationToken cancellationToken = default);

    /// <summary>Deletes the proven slices of a job that has ended; jobs of a conversion lose theirs when its resources are released.</summary>
    Task ForgetSlicesAsync(JobKey key, CancellationToken cancellationToken = default);

    /// <summary>Deletes the ended jobs of a conversion, or of what else they were made for, whose outcome nobody asks for any more.</summary>
    Task ForgetEndedAsync(Guid conversionId, CancellationToken cancellationToken = default);

    /// <summary>The jobs of a conversion in this service, oldest first.</summary>
    Task<IReadOnlyList<JobDocument>> GetJobsAsync(Guid conversionId, CancellationToken cancellationToken = default);
}
