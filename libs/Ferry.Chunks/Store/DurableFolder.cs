using Ferry.Chunks.Native;

namespace Ferry.Chunks.Store;

/// <summary>Makes the names in a folder durable, for what was created, renamed or removed in it; .NET can open no folder for it.</summary>
public static class DurableFolder
{
    /// <summary>Flushes the entries of a folder to the disk.</summary>
    /// <exception cref="IOException">The file system says that it could not.</exception>
    public static void Flush(string path) => Posix.FlushFolder(path);
}
