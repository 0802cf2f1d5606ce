using System.ComponentModel.DataAnnotations;

namespace Ferry.Chunks.Store;

/// <summary>Where the chunk store is, and how much it may take.</summary>
public sealed class ChunkStoreOptions
{
    /// <summary>Section in the configuration.</summary>
    public const string SectionName = "Ferry:Chunks";

    /// <summary>Folder of the chunk store; the same for all services.</summary>
    [Required]
    public string Path { get; set; } = "";

    /// <summary>Most bytes that the store may take, after compression; 0: as many as the disk has. With several processes each knows of the others' chunks only by counting now and then.</summary>
    [Range(0, long.MaxValue)]
    public long QuotaBytes { get; set; }

    /// <summary>Bytes that are kept free on the store's disk: what would leave less waits until there is room.</summary>
    [Range(0, long.MaxValue)]
    public long ReserveBytes { get; set; } = 64L << 20;

    /// <summary>
    /// A chunk's time of last use is renewed when it is older than this. The grace period of garbage collection must be longer.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan TouchAfter { get; set; } = TimeSpan.FromHours(1);
}
