namespace Ferry.Hosting.Jobs;

/// <summary>The work of one kind of job. Bus-free; it sees the command, proves slices and returns the event that ends the job.</summary>
/// <typeparam name="TCommand">The command's contract.</typeparam>
public interface IJobHandler<TCommand> where TCommand : class
{
    /// <summary>Does the work, or goes on with it behind the proven slices.</summary>
    /// <param name="job">The command and what a running job may do.</param>
    /// <param name="cancellationToken">Is cancelled when the lease is lost, the job is suspended or cancelled, or the process stops.</param>
    /// <returns>The event to publish: the job has succeeded.</returns>
    /// <exception cref="JobFailedException">The job cannot be done; retried when its failure says so, else failed for good.</exception>
    Task<object> RunAsync(JobContext<TCommand> job, CancellationToken cancellationToken);
}
