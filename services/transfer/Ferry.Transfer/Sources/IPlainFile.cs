using Ferry.DiskImages.Sources;

namespace Ferry.Transfer.Sources;

/// <summary>A plain file, byte for byte, wherever it is.</summary>
public interface IPlainFile : IRemoteSource
{
    /// <summary>What identifies the content.</summary>
    SourcePin Pin { get; }
}
