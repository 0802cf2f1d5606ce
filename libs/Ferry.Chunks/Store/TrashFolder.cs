using Ferry.Chunks.Native;
using Microsoft.Win32.SafeHandles;

namespace Ferry.Chunks.Store;

/// <summary>
/// Where a chunk's file goes on its way out: <c>trash/abcd...</c>. A file is first renamed to here, then looked at once more, and only then deleted; whoever misses the
/// chunk takes it back by a rename. Of the deletion and the taking back exactly one finds the file, so nobody who was told that a chunk is there loses it, and what a
/// crash leaves here is still readable.
/// </summary>
internal sealed class TrashFolder
{
    private readonly string trash;

    public TrashFolder(string root)
    {
        trash = Path.Combine(root, "trash");
        Directory.CreateDirectory(trash);
    }

    /// <summary>Takes a chunk back to its final name; false when it is not here.</summary>
    public bool TryTakeBack(ChunkId id, string path)
    {
        string here = PathOf(id);
        if (!File.Exists(here))
        {
            return false;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(here, path, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            // Deleted for good, or taken back by somebody else.
            return false;
        }
    }

    /// <summary>Deletes a chunk's file unless it was used after a time.</summary>
    /// <returns>Whether it was deleted.</returns>
    public bool Delete(ChunkId id, string path, DateTimeOffset notUsedSince)
    {
        string here = PathOf(id);
        try
        {
            File.Move(path, here, overwrite: true);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }

        return Finish(id, path, notUsedSince);
    }

    /// <summary>The chunks that a crash left on their way out.</summary>
    public IEnumerable<ChunkId> Enumerate() => new DirectoryInfo(trash).EnumerateFiles()
        .Select(file => ChunkFolder.TryParse(file.Name, out ChunkId id) ? id : (ChunkId?)null).OfType<ChunkId>();

    // Somebody may have renewed the time between the first look and the rename: after it nobody can, but by taking the file back.
    private bool Finish(ChunkId id, string path, DateTimeOffset notUsedSince)
    {
        string here = PathOf(id);
        try
        {
            if (LastUsed(here) >= notUsedSince)
            {
                TryTakeBack(id, path);
                return false;
            }
        }
        catch (FileNotFoundException)
        {
            return false;
        }

        return Posix.TryDelete(here);
    }

    // Through a handle: on a network file system only opening a file asks the server for its times.
    private static DateTimeOffset LastUsed(string path)
    {
        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return new DateTimeOffset(File.GetLastWriteTimeUtc(handle));
    }

    private string PathOf(ChunkId id) => Path.Combine(trash, id.ToString());
}
