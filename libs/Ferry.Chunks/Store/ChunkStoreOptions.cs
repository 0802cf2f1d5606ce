using System.ComponentModel.DataAnnotations;

namespace Ferry.Chunks.Store;

/// <summary>Where the chunk store is.</summary>
public sealed class ChunkStoreOptions
{
    /// <summary>Section in the configuration.</summary>
    public const string SectionName = "Ferry:Chunks";

    /// <summary>Folder of the chunk store; the same for all services.</summary>
    [Required]
    public string Path { get; set; } = "";
}
