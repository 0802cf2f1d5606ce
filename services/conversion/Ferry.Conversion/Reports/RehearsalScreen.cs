using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Store;
using Ferry.Contracts.Conversions;

namespace Ferry.Conversion.Reports;

/// <summary>Brings the last screen of a rehearsal from the chunk store.</summary>
internal static class RehearsalScreen
{
    /// <summary>Name of the picture beside the report.</summary>
    public const string FileName = "rehearsal.png";

    private const int MostBytes = 1 << 20;

    private static readonly byte[] Signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>The picture; null when there is none, it is too large, or no longer there: a report is complete without.</summary>
    public static async Task<byte[]?> ReadAsync(RehearsalReport? report, ManifestStore manifests, CancellationToken cancellationToken)
    {
        if (report is not { ScreenManifest: { } root, ScreenBytes: > 0 and <= MostBytes and var length })
        {
            return null;
        }

        try
        {
            var manifest = await manifests.OpenAsync(ChunkId.Parse(root), cancellationToken);
            var entry = await manifest.GetAsync(0, cancellationToken);
            if (manifest.Header.Size < length || manifest.Header.Size > manifest.Header.ChunkSize || entry.State != ChunkState.Stored)
            {
                return null;
            }

            var buffer = new byte[manifest.Header.Size];
            var read = await manifests.Chunks.ReadAsync(entry.Id, buffer, cancellationToken);
            return read >= length && buffer.AsSpan().StartsWith(Signature) ? buffer[..length] : null;
        }
        catch (ChunkStoreException)
        {
            return null;
        }
    }
}
