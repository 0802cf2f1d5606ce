using System.ComponentModel.DataAnnotations;

namespace Ferry.Conversion;

/// <summary>Options of the conversion service.</summary>
public sealed class ConversionOptions
{
    /// <summary>Section in the configuration.</summary>
    public const string SectionName = "Ferry:Conversion";

    /// <summary>Workers that read, hash and write one disk at the same time; 0 for the number of cores.</summary>
    [Range(0, 256)]
    public int Workers { get; set; }

    /// <summary>How long a slice should take; a crash costs at most this much work per worker.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:02")]
    public TimeSpan SliceTime { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Most chunks that one slice writes.</summary>
    [Range(1, 8192)]
    public int MaxSliceChunks { get; set; } = 1024;

    /// <summary>Bytes that must stay free on the output folder's disk.</summary>
    [Range(0, long.MaxValue)]
    public long ReserveBytes { get; set; } = 64L << 20;

    /// <summary>The number of workers to use.</summary>
    public int EffectiveWorkers => Workers > 0 ? Workers : Environment.ProcessorCount;
}
