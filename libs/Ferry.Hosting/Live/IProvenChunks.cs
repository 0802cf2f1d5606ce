using Ferry.Hosting.Jobs;

namespace Ferry.Hosting.Live;

/// <summary>Keeps the chunks alive that the unfinished jobs of a service have proven and that stand in no manifest yet. Registered under the service's name.</summary>
public interface IProvenChunks
{
    /// <summary>Asks the chunk store for every chunk of the slices, which protects them from garbage collection for its grace period.</summary>
    Task KeepAsync(IReadOnlyList<SliceDocument> slices, CancellationToken cancellationToken);
}
