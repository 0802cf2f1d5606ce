using Ferry.Contracts;

namespace Ferry.Cli.Embedded;

/// <summary>
/// <c>DIR/.ferry</c>: state and chunks of a conversion in one process. It is there while the conversion runs and, after an interruption, for the same command
/// to go on. Locked by one process at a time.
/// </summary>
internal sealed class WorkFolder : IDisposable
{
    private readonly FileStream lockFile;

    private WorkFolder(string output, string path, FileStream lockFile)
    {
        Output = output;
        Path = path;
        this.lockFile = lockFile;
    }

    /// <summary>The output folder.</summary>
    public string Output { get; }

    /// <summary>The work folder in it.</summary>
    public string Path { get; }

    /// <summary>The document store's file.</summary>
    public string Database => System.IO.Path.Combine(Path, "state.db");

    /// <summary>The chunk store's folder.</summary>
    public string Chunks => System.IO.Path.Combine(Path, "chunks");

    /// <summary>Makes or takes up the work folder of an output folder.</summary>
    public static WorkFolder Open(string output)
    {
        var path = System.IO.Path.Combine(output, ".ferry");
        try
        {
            Directory.CreateDirectory(path);
            var lockFile = new FileStream(System.IO.Path.Combine(path, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return new WorkFolder(output, path, lockFile);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            var locked = exception is IOException && File.Exists(System.IO.Path.Combine(path, "lock"));
            throw new CliException(
                ExitCode.StepFailed,
                locked
                    ? new Failure
                    {
                        Code = "OUTPUT_IN_USE", Message = "Another ferry works in this output folder", Where = output, Remedy = "Wait for it, or choose another folder",
                    }
                    : new Failure
                    {
                        Code = "OUTPUT_NOT_WRITABLE", Message = $"The output folder cannot be written: {exception.Message}", Where = output,
                        Remedy = "Choose a folder that you may write to, with --output",
                    },
                exception);
        }
    }

    /// <summary>Removes the work folder, and the output folder too when it is empty then.</summary>
    public void Remove()
    {
        lockFile.Dispose();
        Directory.Delete(Path, recursive: true);
        if (!Directory.EnumerateFileSystemEntries(Output).Any())
        {
            Directory.Delete(Output);
        }
    }

    /// <summary>Gives the lock back; the folder stays.</summary>
    public void Dispose() => lockFile.Dispose();
}
