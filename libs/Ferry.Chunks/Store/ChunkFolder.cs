using System.Globalization;
using Ferry.Chunks.Native;
using Microsoft.Win32.SafeHandles;

namespace Ferry.Chunks.Store;

/// <summary>The files with final names: <c>chunks/ab/cd/abcd...</c>, and <c>corrupt/</c> for those that were set aside.</summary>
internal sealed class ChunkFolder
{
    private readonly string chunks;
    private readonly string corrupt;
    private readonly bool[] knownFolders = new bool[65_536];

    public ChunkFolder(string root)
    {
        chunks = Path.Combine(root, "chunks");
        corrupt = Path.Combine(root, "corrupt");
        Directory.CreateDirectory(chunks);
    }

    /// <summary>The file of a chunk.</summary>
    public string PathOf(ChunkId id)
    {
        string name = id.ToString();
        return Path.Join(chunks, name.AsSpan(0, 2), name.AsSpan(2, 2), name);
    }

    /// <summary>Whether a file with a sound header and the length that the header says is there.</summary>
    public bool Contains(ChunkId id)
    {
        string path = PathOf(id);
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return TryReadHeader(handle, out _);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted between the two looks.
            return false;
        }
    }

    /// <summary>Reads the header and compares it with the file's length.</summary>
    public static bool TryReadHeader(SafeFileHandle handle, out ChunkFileHeader header)
    {
        Span<byte> bytes = stackalloc byte[ChunkFileHeader.Size];
        int read = RandomAccess.Read(handle, bytes, 0);
        return ChunkFileHeader.TryRead(bytes[..read], out header) && RandomAccess.GetLength(handle) == header.FileLength;
    }

    /// <summary>Renews the time of last use, so that garbage collection sees that somebody counts on the chunk.</summary>
    public void Touch(ChunkId id, DateTimeOffset now, TimeSpan unlessYoungerThan)
    {
        string path = PathOf(id);
        if (now - new DateTimeOffset(File.GetLastWriteTimeUtc(path)) > unlessYoungerThan)
        {
            try
            {
                File.SetLastWriteTimeUtc(path, now.UtcDateTime);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                throw new ChunkStoreException(ChunkStoreErrors.Missing, "The chunk was deleted at this moment.", path, e);
            }
        }
    }

    /// <summary>Makes the folder of a chunk; returns the folders whose names must become durable: its own, and those that are new.</summary>
    public void Prepare(ChunkId id, HashSet<string> touched)
    {
        Span<byte> bytes = stackalloc byte[ChunkId.Size];
        id.WriteTo(bytes);
        int number = (bytes[0] << 8) | bytes[1];
        string second = Path.GetDirectoryName(PathOf(id))!;
        touched.Add(second);
        if (!Volatile.Read(ref knownFolders[number]))
        {
            Directory.CreateDirectory(second);
            string first = Path.GetDirectoryName(second)!;
            touched.Add(first);
            touched.Add(chunks);
            Volatile.Write(ref knownFolders[number], true);
        }
    }

    /// <summary>Sets a damaged file aside, so that the chunk counts as missing and the evidence stays.</summary>
    public void SetAside(ChunkId id, DateTimeOffset now)
    {
        Directory.CreateDirectory(corrupt);
        string target = Path.Combine(corrupt, string.Create(CultureInfo.InvariantCulture, $"{id}.{now.UtcTicks}"));
        try
        {
            File.Move(PathOf(id), target, overwrite: true);
        }
        catch (FileNotFoundException)
        {
            // Another process was faster.
        }
    }

    /// <summary>Deletes a chunk's file.</summary>
    public bool Delete(ChunkId id, DateTimeOffset? notUsedSince)
    {
        var file = new FileInfo(PathOf(id));
        if (!file.Exists || (notUsedSince is { } time && file.LastWriteTimeUtc >= time.UtcDateTime))
        {
            return false;
        }

        file.Delete();
        return true;
    }

    /// <summary>Number of files that were set aside.</summary>
    public long CountCorrupt() => Directory.Exists(corrupt) ? Directory.EnumerateFiles(corrupt).LongCount() : 0;

    /// <summary>All files with final names.</summary>
    public IEnumerable<StoredChunk> Enumerate()
    {
        foreach (DirectoryInfo first in new DirectoryInfo(chunks).EnumerateDirectories())
        {
            foreach (DirectoryInfo second in first.EnumerateDirectories())
            {
                foreach (FileInfo file in second.EnumerateFiles())
                {
                    if (TryParse(file.Name, out ChunkId id))
                    {
                        yield return new StoredChunk(id, file.Length, new DateTimeOffset(file.LastWriteTimeUtc));
                    }
                }
            }
        }
    }

    private static bool TryParse(string name, out ChunkId id)
    {
        Span<byte> bytes = stackalloc byte[ChunkId.Size];
        bool ok = name.Length == 2 * ChunkId.Size
            && Convert.FromHexString(name, bytes, out _, out int written) == System.Buffers.OperationStatus.Done
            && written == ChunkId.Size;
        id = ok ? new ChunkId(bytes) : default;
        return ok;
    }
}
