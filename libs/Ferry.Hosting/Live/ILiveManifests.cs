namespace Ferry.Hosting.Live;

/// <summary>Names manifests that a service needs and that stand in no command or result of its jobs. Registered under the service's name.</summary>
public interface ILiveManifests
{
    /// <summary>Root ids, as they are needed now.</summary>
    Task<IReadOnlyCollection<string>> ListAsync(CancellationToken cancellationToken);
}
