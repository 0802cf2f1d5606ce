using System.Security.Cryptography;
using Ferry.Chunks;
using Ferry.Chunks.Manifests;
using Ferry.Chunks.Slices;
using Ferry.Chunks.Store;
using Ferry.Contracts.Conversions;
using Ferry.DiskImages;
using Microsoft.Win32.SafeHandles;

namespace Ferry.Transfer.Fetching;

/// <summary>
/// Chunks go into a file of the library share: under a staging name in its folder until all are there, read back and verified; then it appears under its own name. Zero chunks
/// become holes.
/// </summary>
public sealed class FileSink : IChunkSink, IDisposable
{
    private readonly LibraryFile place;
    private readonly ManifestHeader header;
    private readonly SafeFileHandle file;

    private FileSink(LibraryFile place, ManifestHeader header, SafeFileHandle file) => (this.place, this.header, this.file) = (place, header, file);

    /// <summary>Opens the staging file, or makes it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static FileSink Open(LibraryFile place, ManifestHeader header)
    {
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(header);
        Directory.CreateDirectory(place.Folder);
        var handle = File.OpenHandle(place.Staging, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
        RandomAccess.SetLength(handle, header.Size);
        return new FileSink(place, header, handle);
    }

    /// <summary>Removes what a job that is given up has made.</summary>
    /// <param name="place">Where.</param>
    /// <param name="published">Whether the file itself is the job's, too.</param>
    public static void Remove(LibraryFile place, bool published)
    {
        ArgumentNullException.ThrowIfNull(place);
        if (Directory.Exists(place.Folder))
        {
            File.Delete(place.Staging);
            if (published)
            {
                File.Delete(place.Path);
            }

            DurableFolder.Flush(place.Folder);
        }
    }

    /// <inheritdoc/>
    public ValueTask<bool> ContainsAsync(ManifestEntry entry, CancellationToken cancellationToken) => ValueTask.FromResult(false);

    /// <inheritdoc/>
    public ValueTask<(ManifestEntry Entry, ByteCounts Bytes)> PutAsync(long chunk, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (data.Span.IndexOfAnyExcept((byte)0) < 0)
        {
            return ValueTask.FromResult((new ManifestEntry(ChunkState.Zero), new ByteCounts { Zero = data.Length }));
        }

        RandomAccess.Write(file, data.Span, chunk * header.ChunkSize);
        return ValueTask.FromResult((new ManifestEntry(ChunkState.Stored, ChunkId.Of(data.Span)), new ByteCounts { Written = data.Length }));
    }

    /// <inheritdoc/>
    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        RandomAccess.FlushToDisk(file);
        return ValueTask.CompletedTask;
    }

    /// <summary>Reads the file back, compares it with what was proven, and lets it appear.</summary>
    /// <returns>SHA-256 of the whole file, 64 lower-case hexadecimal digits.</returns>
    /// <exception cref="IOException">It cannot be read, or there is a file of that name.</exception>
    /// <exception cref="DiskImageException">The file does not hold what was written.</exception>
    public async Task<string> PublishAsync(ManifestReader manifest, ProvenEntries proven, CancellationToken cancellationToken)
    {
        var sha256 = await VerifyAsync(manifest, proven, cancellationToken);
        RandomAccess.FlushToDisk(file);
        File.Move(place.Staging, place.Path, overwrite: false);
        DurableFolder.Flush(place.Folder);
        return sha256;
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();

    private async Task<string> VerifyAsync(ManifestReader manifest, ProvenEntries proven, CancellationToken cancellationToken)
    {
        var buffer = new byte[header.ChunkSize];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await foreach (var (first, entries) in EntryWindow.OverlaidAsync(manifest, proven, cancellationToken))
        {
            for (var i = 0; i < entries.Length; i++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var data = buffer.AsMemory(0, header.LengthOf(first + i));
                var read = RandomAccess.Read(file, data.Span, (first + i) * header.ChunkSize);
                var entry = entries.Span[i];
                var same = read == data.Length && entry.State switch
                {
                    ChunkState.Zero => data.Span.IndexOfAnyExcept((byte)0) < 0,
                    ChunkState.Stored => ChunkId.Of(data.Span) == entry.Id,
                    _ => false,
                };
                if (!same)
                {
                    throw new DiskImageException(
                        DiskImageErrors.InputOutput, "What was read back from the library is not what was written.", Path.GetFileName(place.Path), (first + i) * header.ChunkSize);
                }

                hash.AppendData(data.Span);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
