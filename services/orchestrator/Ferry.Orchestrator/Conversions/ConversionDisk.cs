using Ferry.Contracts.Conversions;

namespace Ferry.Orchestrator.Conversions;

/// <summary>One disk of a conversion and the manifests it went through.</summary>
public sealed class ConversionDisk
{
    /// <summary>Index in controller order.</summary>
    public required int Index { get; set; }

    /// <summary>Size of the virtual disk in bytes.</summary>
    public required long Capacity { get; set; }

    /// <summary>Bytes in chunks that have to be read.</summary>
    public required long DataBytes { get; set; }

    /// <summary>Whether its chunks have to be transferred before a worker can use them.</summary>
    public required bool Remote { get; set; }

    /// <summary>Root id of the manifest as it was captured, when it was transferred since: where chunks come from that the store lost. Null when nothing was transferred.</summary>
    public string? OriginManifest { get; set; }

    /// <summary>Root id of the manifest before any fix-up: captured, and transferred when remote.</summary>
    public required string CapturedManifest { get; set; }

    /// <summary>Root id of the manifest to convert: the captured one, or the fix-up's.</summary>
    public required string Manifest { get; set; }

    /// <summary>Whether the transfer step is done with it.</summary>
    public bool Transferred { get; set; }

    /// <summary>Bytes that the transfer received more than once.</summary>
    public long BytesResent { get; set; }

    /// <summary>The proof, once converted.</summary>
    public DiskReport? Report { get; set; }
}
