using System.ComponentModel.DataAnnotations;

namespace Ferry.Cleanup.Store;

/// <summary>Options of garbage collection.</summary>
public sealed class CollectionOptions
{
    /// <summary>Section in the configuration.</summary>
    public const string SectionName = "Ferry:Collection";

    /// <summary>The least that the grace period is longer than <see cref="Chunks.Store.ChunkStoreOptions.TouchAfter"/>: more than a worker with a lease may take between storing a chunk and proving it.</summary>
    public static readonly TimeSpan LeastMargin = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A chunk that was stored or asked for within this time is never collected. Longer than <c>Ferry:Chunks:TouchAfter</c> by a minute at least, and by as much as the
    /// machines' clocks differ.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "3650.00:00:00")]
    public TimeSpan Grace { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long after the end of a collection the next one begins by itself; 0: only when it is asked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3650.00:00:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long the services have to answer. When one has not answered then, nothing is collected.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the replica that does it may be silent before another begins it again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often a replica looks whether there is something to do.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan Poll { get; set; } = TimeSpan.FromSeconds(1);
}
