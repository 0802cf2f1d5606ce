namespace Ferry.Cli.Embedded;

/// <summary>Lets one process at a time work in a folder. The lock ends with the process, however that ends.</summary>
internal static class FolderLock
{
    /// <summary>Name of the lock's file.</summary>
    public const string FileName = "lock";

    // EAGAIN, as flock says it.
    private const int HeldByAnother = 11;

    /// <summary>Takes the lock until it is disposed; null when another process has it.</summary>
    /// <param name="folder">The folder, which exists.</param>
    /// <exception cref="IOException">The folder cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public static FileStream? TryTake(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (exception.HResult == HeldByAnother)
        {
            return null;
        }
    }
}
