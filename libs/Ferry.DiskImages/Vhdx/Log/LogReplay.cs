using Ferry.DiskImages.Sources;

namespace Ferry.DiskImages.Vhdx.Log;

/// <summary>Refuses a file whose log must be replayed.</summary>
internal static class LogReplay
{
    /// <summary>The file as it is after its log has been replayed.</summary>
    internal static ValueTask<IByteSource> OpenAsync(IByteSource source, VhdxHeader header, CancellationToken cancellationToken) =>
        throw new DiskImageException(DiskImageErrors.UnsupportedVariant, $"The log {header.LogId} must be replayed.", source.Name, (long)header.LogOffset);
}
