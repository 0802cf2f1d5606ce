using System.Text.Json;
using Ferry.Hosting.Documents;

namespace Ferry.Hosting.Jobs;

/// <summary>A kind of job that a service knows: its name, its command and who does it.</summary>
internal abstract class JobKind(string name, Type command, bool finishesFirst)
{
    /// <summary>Name: that of the step.</summary>
    public string Name { get; } = name;

    /// <summary>Type of the command.</summary>
    public Type Command { get; } = command;

    /// <summary>Whether a run goes on to its end when the job is to be suspended: it is short, and half of it is worth nothing.</summary>
    public bool FinishesFirst { get; } = finishesFirst;

    /// <summary>Lets the handler do it.</summary>
    public abstract Task<object> RunAsync(IServiceProvider services, JobRun run, CancellationToken cancellationToken);
}

/// <summary>A kind of job with its command's type.</summary>
internal sealed class JobKind<TCommand>(string name, Func<IServiceProvider, IJobHandler<TCommand>> handler, bool finishesFirst)
    : JobKind(name, typeof(TCommand), finishesFirst)
    where TCommand : class
{
    /// <inheritdoc/>
    public override Task<object> RunAsync(IServiceProvider services, JobRun run, CancellationToken cancellationToken)
    {
        var command = run.Document.Command.Deserialize<TCommand>(DocumentJson.Options)
            ?? throw new JsonException($"The command of job {run.Document.Id} is null.");
        return handler(services).RunAsync(new RunningJobContext<TCommand>(run, command), cancellationToken);
    }
}
