using System.Globalization;
using Ferry.Chunks.Native;
using Microsoft.Win32.SafeHandles;

namespace Ferry.Chunks.Store;

/// <summary>The files with final names: <c>chunks/ab/cd/abcd...</c>, <c>corrupt/</c> for those that were set aside, and <c>trash/</c> for those on their way out.</summary>
internal sealed class ChunkFolder
{
    private readonly string chunks;
    private readonly string corrupt;
    private readonly bool[] knownFolders = new bool[65_536];
    private readonly TrashFolder trash;
    private readonly ChunkCodec codec;

    public ChunkFolder(string root, ChunkCodec codec)
    {
        this.codec = codec;
        trash = new TrashFolder(root);
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

    /// <summary>
    /// Whether a file with a sound header and the length that the header says is there; then its time of last use is renewed, so that garbage collection sees that
    /// somebody counts on the chunk. A file that is none of ours is set aside.
    /// </summary>
    public bool Use(ChunkId id, DateTimeOffset now, TimeSpan unlessYoungerThan)
    {
        string path = PathOf(id);
        while (true)
        {
            if (!File.Exists(path) && !trash.TryTakeBack(id, path))
            {
                return false;
            }

            try
            {
                if (!HasHeader(path) && !HasHeader(path))
                {
                    // Looked at twice: another process may have mended it in between.
                    SetAside(id, now);
                    return false;
                }

                if (now - new DateTimeOffset(File.GetLastWriteTimeUtc(path)) > unlessYoungerThan)
                {
                    File.SetLastWriteTimeUtc(path, now.UtcDateTime);
                }

                return true;
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // On its way out at this moment: look again, and take it back.
            }
        }
    }

    /// <summary>Opens a chunk's file.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public SafeFileHandle Open(ChunkId id)
    {
        string path = PathOf(id);
        try
        {
            return OpenFile(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return trash.TryTakeBack(id, path) ? OpenFile(path) : throw new FileNotFoundException(e.Message, path, e);
        }
    }

    /// <summary>Reads the header and compares it with the file's length.</summary>
    public static bool TryReadHeader(SafeFileHandle handle, out ChunkFileHeader header)
    {
        Span<byte> bytes = stackalloc byte[ChunkFileHeader.Size];
        int read = RandomAccess.Read(handle, bytes, 0);
        return ChunkFileHeader.TryRead(bytes[..read], out header) && RandomAccess.GetLength(handle) == header.FileLength;
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

    /// <summary>Sets a damaged file aside, so that the chunk counts as missing and the evidence stays; false when it is not damaged (any more).</summary>
    public bool SetAside(ChunkId id, DateTimeOffset now)
    {
        Directory.CreateDirectory(corrupt);
        string path = PathOf(id);
        string target = Path.Combine(corrupt, string.Create(CultureInfo.InvariantCulture, $"{id}.{now.UtcTicks}"));
        try
        {
            File.Move(path, target, overwrite: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Another process was faster.
            return true;
        }

        if (!IsSound(target, id))
        {
            ChunkTelemetry.Corrupt.Add(1);
            return true;
        }

        // Another process had mended it between the look and the rename.
        File.Move(target, path, overwrite: true);
        return false;
    }

    /// <summary>Deletes a chunk's file, unless it was used after a time (null: in any case).</summary>
    public bool Delete(ChunkId id, DateTimeOffset? notUsedSince)
    {
        string path = PathOf(id);
        return notUsedSince is not { } time ? Posix.TryDelete(path)
            : File.Exists(path) && new DateTimeOffset(File.GetLastWriteTimeUtc(path)) < time && trash.Delete(id, path, time);
    }

    /// <summary>Takes back what a crash in the middle of deleting left.</summary>
    public int Recover() => trash.Enumerate().Count(id => trash.TryTakeBack(id, PathOf(id)));

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

    private static SafeFileHandle OpenFile(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    private static bool HasHeader(string path)
    {
        using SafeFileHandle handle = OpenFile(path);
        return TryReadHeader(handle, out _);
    }

    /// <summary>Whether a chunk's file holds what its id stands for.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public bool IsSound(ChunkId id)
    {
        using SafeFileHandle handle = Open(id);
        return codec.IsSound(handle, id);
    }

    /// <summary>Length of a chunk's bytes as its file's header says; 0 when it is gone or damaged.</summary>
    public long LengthOf(ChunkId id)
    {
        try
        {
            using SafeFileHandle handle = OpenFile(PathOf(id));
            return TryReadHeader(handle, out ChunkFileHeader header) ? header.Length : 0;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return 0;
        }
    }

    private bool IsSound(string path, ChunkId id)
    {
        using SafeFileHandle handle = OpenFile(path);
        return codec.IsSound(handle, id);
    }

    /// <summary>Reads the id that a file is named by.</summary>
    internal static bool TryParse(string name, out ChunkId id)
    {
        Span<byte> bytes = stackalloc byte[ChunkId.Size];
        bool ok = name.Length == 2 * ChunkId.Size
            && Convert.FromHexString(name, bytes, out _, out int written) == System.Buffers.OperationStatus.Done
            && written == ChunkId.Size;
        id = ok ? new ChunkId(bytes) : default;
        return ok;
    }
}
