using Ferry.Capture.Sources;
using Ferry.Contracts.Library;
using Ferry.Hosting.Jobs;

namespace Ferry.Capture;

/// <summary>The job that lists a source's files.</summary>
public sealed class ListSourceFilesHandler(SourceFileLister lister) : IJobHandler<ListSourceFiles>
{
    /// <inheritdoc/>
    public async Task<object> RunAsync(JobContext<ListSourceFiles> job, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        var command = job.Command;
        try
        {
            var files = await lister.ListAsync(command.Source, command.SourceFormat, command.Credential, cancellationToken);
            return new SourceFilesListed { RequestId = command.RequestId, Attempt = command.Attempt, Descriptor = files[0].Name, Files = files };
        }
        catch (SourceException exception)
        {
            throw new JobFailedException(exception.Failure, exception);
        }
    }
}
