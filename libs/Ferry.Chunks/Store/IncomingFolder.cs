using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Ferry.Chunks.Store;

/// <summary>
/// The folder of one store instance for files with temporary names. A locked file in it shows that the instance lives; folders of dead ones are deleted.
/// </summary>
internal sealed class IncomingFolder : IDisposable
{
    private const string LockName = "lock";
    private readonly string folder;
    private readonly SafeFileHandle lockHandle;
    private long counter;

    public IncomingFolder(string root, DateTimeOffset now, TimeSpan staleAfter)
    {
        string incoming = Path.Combine(root, "incoming");
        Directory.CreateDirectory(incoming);
        DeleteStale(incoming, now, staleAfter);
        folder = Path.Combine(incoming, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        lockHandle = File.OpenHandle(Path.Combine(folder, LockName), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None);
    }

    /// <summary>A file of the store's file system that is open as long as the instance lives, so that no failed write goes unnoticed.</summary>
    public SafeFileHandle Anchor => lockHandle;

    /// <summary>A name that was never used.</summary>
    public string NewPath() => Path.Combine(folder, Interlocked.Increment(ref counter).ToString("x", CultureInfo.InvariantCulture));

    /// <summary>The file system's clock: the time that it gives to a file that is written now.</summary>
    public DateTimeOffset ReadClock()
    {
        string path = NewPath();
        try
        {
            // An empty file: a full disk must not keep garbage from being collected.
            using (File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
            {
            }

            return new DateTimeOffset(File.GetLastWriteTimeUtc(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lockHandle.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static void DeleteStale(string incoming, DateTimeOffset now, TimeSpan staleAfter)
    {
        foreach (DirectoryInfo other in new DirectoryInfo(incoming).EnumerateDirectories())
        {
            try
            {
                if (now - new DateTimeOffset(other.LastWriteTimeUtc) >= staleAfter && !IsLocked(other))
                {
                    other.Delete(recursive: true);
                }
            }
            catch (DirectoryNotFoundException)
            {
                // Another instance deletes it at this moment.
            }
        }
    }

    private static bool IsLocked(DirectoryInfo folder)
    {
        string path = Path.Combine(folder.FullName, LockName);
        if (!File.Exists(path))
        {
            return false;
        }

        try
        {
            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
