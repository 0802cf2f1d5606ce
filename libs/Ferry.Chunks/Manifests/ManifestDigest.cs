using Ferry.Chunks.Store;

namespace Ferry.Chunks.Manifests;

/// <summary>The digest of the disk that a manifest describes.</summary>
public static class ManifestDigest
{
    /// <summary>Computes the digest, page by page.</summary>
    /// <returns>64 lower-case hexadecimal digits, see <see cref="DiskDigest"/>.</returns>
    /// <exception cref="ChunkStoreException"><see cref="ChunkStoreErrors.NotHashed"/> when a chunk's bytes were never read.</exception>
    public static async ValueTask<string> ComputeAsync(ManifestReader manifest, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        using var digest = new DiskDigest(manifest.Header.Size, manifest.Header.ChunkSize);
        await foreach (ManifestRun run in manifest.ReadRunsAsync(cancellationToken))
        {
            if (run.Entry.State == ChunkState.Origin)
            {
                throw new ChunkStoreException(
                    ChunkStoreErrors.NotHashed, $"Chunk {run.First} of the disk was not read yet, so the disk has no digest. Transfer or convert it first.", manifest.Root.ToString());
            }

            if (run.Entry.State.ReadsAsZero())
            {
                digest.AppendZeros(run.Count);
            }
            else
            {
                for (long i = 0; i < run.Count; i++)
                {
                    digest.Append(run.Entry.Id);
                }
            }
        }

        return digest.Complete();
    }
}
