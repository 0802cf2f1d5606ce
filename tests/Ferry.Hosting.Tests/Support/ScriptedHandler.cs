using Ferry.Contracts.Cleanup;
using Ferry.Hosting.Jobs;

namespace Ferry.Hosting.Tests.Support;

internal sealed class ScriptedHandler(Script script) : IJobHandler<CleanUpConversion>
{
    public Task<object> RunAsync(JobContext<CleanUpConversion> job, CancellationToken cancellationToken) => script.Run(job, cancellationToken);
}
