using System.Buffers;
using System.Collections.Concurrent;
using Ferry.Chunks.Native;
using Microsoft.Win32.SafeHandles;

namespace Ferry.Chunks.Overlay;

/// <summary>
/// The file with an overlay's written chunks. Every chunk gets the next free slot when it is first written, so the file is as large as what was
/// written and no larger, whatever the disk's size; a slot is never used again for another chunk, so that a reader needs no lock.
/// </summary>
internal sealed class BackingFile : IDisposable
{
    private readonly SafeFileHandle handle;
    private readonly string path;
    private readonly int chunkSize;
    private readonly ConcurrentDictionary<long, long> slots = new();
    private long nextSlot;

    public BackingFile(string folder, int chunkSize)
    {
        this.chunkSize = chunkSize;
        path = Path.Combine(folder, $"overlay-{Guid.NewGuid():N}.tmp");
        try
        {
            Directory.CreateDirectory(folder);
            handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose);
            if (!OperatingSystem.IsWindows())
            {
                // The open file needs no name: so nothing is left behind when the process is killed.
                File.Delete(path);
            }
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Of(e, path);
        }
    }

    /// <summary>Indexes of the chunks that have a slot.</summary>
    public ICollection<long> Chunks => slots.Keys;

    /// <summary>Whether the chunk was written.</summary>
    public bool Has(long index) => slots.ContainsKey(index);

    /// <summary>A slot that no reader knows yet; it reads as zero.</summary>
    public long NewSlot() => Interlocked.Increment(ref nextSlot) - 1;

    /// <summary>Gives the slot to the chunk: from now on readers find it.</summary>
    public void Publish(long index, long slot) => slots[index] = slot;

    /// <summary>The chunk's slot.</summary>
    public bool TryGetSlot(long index, out long slot) => slots.TryGetValue(index, out slot);

    /// <summary>Reads from a slot; what was never written is zero.</summary>
    public void Read(long slot, int start, Span<byte> destination)
    {
        try
        {
            while (!destination.IsEmpty)
            {
                int read = RandomAccess.Read(handle, destination, (slot * chunkSize) + start);
                if (read == 0)
                {
                    destination.Clear();
                    return;
                }

                destination = destination[read..];
                start += read;
            }
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Of(e, path);
        }
    }

    /// <summary>Writes to a slot.</summary>
    public void Write(long slot, int start, ReadOnlySpan<byte> data)
    {
        try
        {
            RandomAccess.Write(handle, data, (slot * chunkSize) + start);
        }
        catch (Exception e) when (FileFailure.Is(e))
        {
            throw FileFailure.Of(e, path);
        }
    }

    /// <summary>Makes a part of a slot zero, and gives its space back where the file system can.</summary>
    public void Clear(long slot, int start, int length)
    {
        if (Posix.TryPunchHole(handle, (slot * chunkSize) + start, length))
        {
            return;
        }

        byte[] zeros = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            zeros.AsSpan(0, length).Clear();
            Write(slot, start, zeros.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(zeros);
        }
    }

    /// <summary>Closes and deletes the file.</summary>
    public void Dispose() => handle.Dispose();
}
