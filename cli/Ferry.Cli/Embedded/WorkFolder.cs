using Ferry.Contracts;
using Ferry.Conversion.Output;

namespace Ferry.Cli.Embedded;

/// <summary>
/// <c>DIR/.ferry</c>: state and chunks of a conversion in one process. It is there while the conversion runs and, after an interruption, for the same command
/// to go on. Locked by one process at a time. When nothing is kept in it, it goes, and with it the folders above that were made for it.
/// </summary>
internal sealed class WorkFolder : IDisposable
{
    private const string MadeFileName = "made";

    private readonly FileStream folderLock;
    private bool removed;

    private WorkFolder(string output, string path, FileStream folderLock)
    {
        Output = output;
        Path = path;
        this.folderLock = folderLock;
        IsKept = File.Exists(Database);
    }

    /// <summary>The output folder.</summary>
    public string Output { get; }

    /// <summary>The work folder in it.</summary>
    public string Path { get; }

    /// <summary>Whether it holds what a command can go on with.</summary>
    public bool IsKept { get; private set; }

    /// <summary>The document store's file.</summary>
    public string Database => System.IO.Path.Combine(Path, "state.db");

    /// <summary>The chunk store's folder.</summary>
    public string Chunks => System.IO.Path.Combine(Path, "chunks");

    private string MadeFile => System.IO.Path.Combine(Path, MadeFileName);

    /// <summary>Makes or takes up the work folder of an output folder.</summary>
    public static WorkFolder Open(string output)
    {
        var path = System.IO.Path.Combine(output, StagingFolder.ParentName);
        var missing = NewFolder.Missing(path);
        try
        {
            Directory.CreateDirectory(path);
            var work = new WorkFolder(output, path, FolderLock.TryTake(path) ?? throw InUse(output));
            if (missing.Count > 1)
            {
                File.WriteAllLines(work.MadeFile, missing.SkipLast(1).Reverse());
            }

            return work;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            foreach (var folder in missing.Reverse())
            {
                NewFolder.DeleteIfEmpty(folder);
            }

            throw new CliException(
                new Failure
                {
                    Code = "OUTPUT_NOT_WRITABLE", Message = $"The output folder cannot be written: {exception.Message}", Where = output,
                    Remedy = "Choose a folder that you may write to, with --output",
                },
                exception);
        }
    }

    /// <summary>From now on it holds what the same command goes on with.</summary>
    public void Keep() => IsKept = true;

    /// <summary>Empties it, for a new beginning.</summary>
    public void Clear()
    {
        foreach (var entry in new DirectoryInfo(Path).EnumerateFileSystemInfos().Where(entry => entry.Name is not (FolderLock.FileName or MadeFileName)))
        {
            if (entry is DirectoryInfo folder)
            {
                folder.Delete(recursive: true);
            }
            else
            {
                entry.Delete();
            }
        }

        IsKept = false;
    }

    /// <summary>Removes the work folder, and of the folders above exactly those that were made for it, when nothing else is in them.</summary>
    public void Remove()
    {
        string[] made = File.Exists(MadeFile) ? File.ReadAllLines(MadeFile) : [];
        Directory.Delete(Path, recursive: true);
        removed = true;
        foreach (var folder in made)
        {
            NewFolder.DeleteIfEmpty(folder);
        }
    }

    /// <summary>Gives the lock back. The folder stays when something is kept in it.</summary>
    public void Dispose()
    {
        if (!IsKept && !removed)
        {
            Remove();
        }

        folderLock.Dispose();
    }

    private static CliException InUse(string output) => new(new Failure
    {
        Code = "OUTPUT_IN_USE", Message = "Another ferry works in this output folder", Where = output, Remedy = "Wait for it, or choose another folder",
    });
}
