namespace Ferry.Hosting.Jobs;

/// <summary>The kinds of job of one service.</summary>
internal sealed class ServiceJobs(string service, IReadOnlyList<JobKind> work, JobKind? release, int? maxConcurrent = null)
{
    private readonly Dictionary<string, JobKind> byName = work.Concat(release is null ? [] : [release]).ToDictionary(kind => kind.Name, StringComparer.Ordinal);

    /// <summary>Name of the service.</summary>
    public string Service { get; } = service;

    /// <summary>Kinds of work.</summary>
    public IReadOnlyList<JobKind> Work { get; } = work;

    /// <summary>The kind that releases resources, or null when the service holds none. It has slots of its own: it waits for work and must never wait behind it.</summary>
    public JobKind? Release { get; } = release;

    /// <summary>Jobs that one process runs at a time; null for the process's option.</summary>
    public int? MaxConcurrent { get; } = maxConcurrent;

    /// <summary>The kind with a name.</summary>
    public JobKind Get(string name) => byName[name];

    /// <summary>The kind that does a command.</summary>
    public JobKind For(Type command) => byName.Values.FirstOrDefault(kind => kind.Command == command)
        ?? throw new InvalidOperationException($"Service {Service} has no handler for {command.Name}: call AddServiceJobs(\"{Service}\", jobs => jobs.Handle<...>).");

    /// <summary>Name of the kind of job that releases a service's resources.</summary>
    public static string ReleaseKind(string service) => $"{service}-release";
}
