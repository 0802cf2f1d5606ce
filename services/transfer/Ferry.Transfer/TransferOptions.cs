using System.ComponentModel.DataAnnotations;

namespace Ferry.Transfer;

/// <summary>Options of the transfer service.</summary>
public sealed class TransferOptions
{
    /// <summary>Section in the configuration.</summary>
    public const string SectionName = "Ferry:Transfer";

    /// <summary>Connections to the source for one disk.</summary>
    [Range(1, 32)]
    public int Connections { get; set; } = 4;

    /// <summary>Bytes that are asked for with one request at most; at least one chunk.</summary>
    [Range(64 << 10, 64 << 20)]
    public int ReadBytes { get; set; } = 4 << 20;

    /// <summary>How long a slice should take; a crash costs at most this much work per connection.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:02")]
    public TimeSpan SliceTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Most chunks of one slice.</summary>
    [Range(1, 8192)]
    public int MaxSliceChunks { get; set; } = 512;

    /// <summary>A connection on which no byte comes for this long has failed; the rest is asked for again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "01:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);
}
