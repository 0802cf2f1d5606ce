using Ferry.Chunks.Disks;
using Ferry.Chunks.Manifests;
using Ferry.DiskImages;
using Ferry.DiskImages.Sources;

namespace Ferry.Chunks.Tests.Support;

/// <summary>Manifests and origins for tests.</summary>
internal static class TestManifests
{
    public const int ChunkSize = 64 << 10;

    public static ManifestOrigin Origin(string image = "disk.vmdk") => new()
    {
        Location = "/library/vm \"1\"\\ä",
        Image = image,
        Format = DiskImageFormat.Vmdk,
        Pins = [new SourcePin { Name = image, Length = 1234, ModifiedTicks = -5, Inode = ulong.MaxValue }, new SourcePin { Name = "b\n", Length = 0, ETag = "\"x\"" }],
    };

    public static ManifestEntry Stored(ReadOnlySpan<byte> data) => new(ChunkState.Stored, ChunkId.Of(data));

    /// <summary>A manifest of given entries; the disk ends <paramref name="missing"/> bytes before its last chunk does.</summary>
    public static async Task<ChunkId> WriteAsync(ManifestStore store, IReadOnlyList<ManifestEntry> entries, int missing = 0, ManifestOrigin? origin = null)
    {
        using ManifestWriter writer = store.CreateWriter(((long)entries.Count * ChunkSize) - missing, ChunkSize, 512, origin ?? Origin());
        foreach (ManifestEntry entry in entries)
        {
            await writer.AppendAsync(entry);
        }

        return await writer.CompleteAsync();
    }

    /// <summary>A disk of random content in which every state occurs, its manifest, and the image that is its origin.</summary>
    public static async Task<(ChunkId Root, byte[] Bytes, MemoryImage Image)> MixedDiskAsync(ManifestStore store, int seed, int chunks, int missing)
    {
        var random = new Random(seed);
        byte[] bytes = new byte[(chunks * ChunkSize) - missing];
        byte[] image = new byte[bytes.Length];
        var entries = new List<ManifestEntry>();
        for (int i = 0; i < chunks; i++)
        {
            var state = (ChunkState)random.Next(5);
            Memory<byte> chunk = bytes.AsMemory(i * ChunkSize, Math.Min(ChunkSize, bytes.Length - (i * ChunkSize)));
            if (!state.ReadsAsZero())
            {
                random.NextBytes(chunk.Span);
            }

            random.NextBytes(image.AsSpan(i * ChunkSize, chunk.Length));
            if (state.IsAtOrigin())
            {
                chunk.Span.CopyTo(image.AsSpan(i * ChunkSize));
            }

            entries.Add(new ManifestEntry(state, state.HasId() ? ChunkId.Of(chunk.Span) : default));
            if (state == ChunkState.Stored)
            {
                await store.Chunks.PutAsync(chunk);
            }
        }

        return (await WriteAsync(store, entries, missing), bytes, new MemoryImage(image));
    }

    /// <summary>Opens always the same image.</summary>
    public sealed class Opener(IDiskImageReader image) : IOriginOpener
    {
        public int Opened { get; private set; }

        public ValueTask<IDiskImageReader> OpenAsync(ManifestOrigin origin, CancellationToken cancellationToken = default)
        {
            Opened++;
            return ValueTask.FromResult(image);
        }
    }
}
