using Ferry.DiskImages.Sources;
using Microsoft.Win32.SafeHandles;

namespace Ferry.DiskImages.Writing;

/// <summary>The file of an image that is being written: positional writes, errors as <see cref="DiskImageException"/>.</summary>
internal sealed class ImageFile : IDisposable
{
    private const int NoSpaceLeft = 28;
    private const int FileTooLarge = 27;
    private const int QuotaExceeded = 122;
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int WouldBlock = 11;
    private const int LongestBlank = 64 * 1024;
    private const int WindowsSharingViolation = unchecked((int)0x80070020);

    private readonly SafeFileHandle _handle;
    private readonly ImageFileWatch? _watch;

    private ImageFile(SafeFileHandle handle, string path)
    {
        _handle = handle;
        Path = path;
        _watch = ImageFileWatch.Current;
    }

    /// <summary>The path.</summary>
    internal string Path { get; }

    /// <summary>Length in bytes now.</summary>
    internal long Length => RandomAccess.GetLength(_handle);

    /// <summary>Opens or creates the file; other writers of the same plan may have it open too.</summary>
    internal static ImageFile OpenOrCreate(string path) => Guarded(path, null, () =>
        new ImageFile(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete), path));

    /// <summary>Whether nothing was ever written to the file durably: it is empty, or short and all zero, as a loss of power leaves a file whose first write was under way.</summary>
    internal bool IsBlank()
    {
        var length = Length;
        if (length is 0 or > LongestBlank)
        {
            return length == 0;
        }

        var bytes = new byte[length];
        return Read(0, bytes) == length && !bytes.AsSpan().ContainsAnyExcept((byte)0);
    }

    /// <summary>Opens a file that is there; others may have it open too. Who has it alone (<see cref="TryOpenAlone"/>) is waited for.</summary>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.MissingFile"/>; <see cref="DiskImageErrors.InputOutput"/>.</exception>
    internal static async ValueTask<ImageFile> OpenExistingAsync(string path, CancellationToken cancellationToken)
    {
        var wait = new Patience(path);
        while (true)
        {
            if (TryOpen(path, FileShare.ReadWrite | FileShare.Delete) is { } file)
            {
                return file;
            }

            await wait.PauseAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Opens a file that is there and that nobody else of this library has open; null when somebody has.</summary>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.MissingFile"/>; <see cref="DiskImageErrors.InputOutput"/>.</exception>
    internal static ImageFile? TryOpenAlone(string path) => TryOpen(path, FileShare.None);

    /// <summary>Opens or creates a file that must be empty.</summary>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.Exists"/>.</exception>
    internal static ImageFile CreateNew(string path)
    {
        var file = OpenOrCreate(path);
        if (file.Length == 0)
        {
            return file;
        }

        file.Dispose();
        throw new DiskImageException(DiskImageErrors.Exists, "The file exists already and is not overwritten.", path);
    }

    /// <summary>Reads up to the length of the buffer.</summary>
    internal int Read(long offset, Memory<byte> buffer) => Guarded(Path, offset, () => RandomAccess.Read(_handle, buffer.Span, offset));

    /// <summary>Writes all bytes.</summary>
    internal void Write(long offset, ReadOnlySpan<byte> data)
    {
        _watch?.Writing(Path, offset, data);
        try
        {
            RandomAccess.Write(_handle, data, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(Path, offset, e);
        }
    }

    /// <summary>Sets the length; new bytes are a hole.</summary>
    internal void SetLength(long length)
    {
        _watch?.SettingLength(Path, length);
        try
        {
            Guarded(Path, length, () =>
            {
                RandomAccess.SetLength(_handle, length);
                return 0;
            });
        }
        catch (ArgumentOutOfRangeException e)
        {
            throw new DiskImageException(DiskImageErrors.NoSpace, "The file system cannot hold a file of this length.", Path, length, e);
        }
    }

    /// <summary>Makes the file's content durable.</summary>
    internal ValueTask FlushAsync(CancellationToken cancellationToken) => new(Task.Run(
        () =>
        {
            _watch?.Flushing(Path);
            return Guarded(Path, null, () =>
            {
                RandomAccess.FlushToDisk(_handle);
                return 0;
            });
        },
        cancellationToken));

    /// <summary>Makes the file's content durable where that is asked for.</summary>
    internal ValueTask FlushIfAsync(bool durable, CancellationToken cancellationToken) => durable ? FlushAsync(cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Removes a file; durable with the next <see cref="FlushFolder"/>.</summary>
    internal static void Delete(string path)
    {
        ImageFileWatch.Current?.Deleting(path);
        Guarded(path, null, () =>
        {
            File.Delete(path);
            return 0;
        });
    }

    /// <summary>Gives a file its name; one of that name is replaced. Another writer of the same plan may have done it already.</summary>
    internal static void Move(string path, string name)
    {
        ImageFileWatch.Current?.Moving(path, name);
        Guarded(name, null, () =>
        {
            try
            {
                File.Move(path, name, overwrite: true);
            }
            catch (FileNotFoundException) when (File.Exists(name))
            {
                return 0;
            }

            return 0;
        });
    }

    /// <summary>Makes the file's name durable.</summary>
    internal void FlushFolder() => FlushFolderOf(Path);

    /// <summary>Makes names in the folder of a file durable.</summary>
    internal static void FlushFolderOf(string path)
    {
        ImageFileWatch.Current?.FlushingFolder(path);
        if (OperatingSystem.IsLinux() && System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(path)) is { } folder)
        {
            Guarded(path, null, () =>
            {
                if (OperatingSystem.IsLinux())
                {
                    UnixFile.FlushFolder(folder);
                }

                return 0;
            });
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static ImageFile? TryOpen(string path, FileShare share)
    {
        try
        {
            return new ImageFile(File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, share), path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDiskImageException(DiskImageErrors.MissingFile, "The image does not exist.", path, inner: e);
        }
        catch (IOException e) when (e.HResult is WouldBlock or WindowsSharingViolation)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, null, e);
        }
    }

    private static T Guarded<T>(string path, long? offset, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Failure(path, offset, e);
        }
    }

    private static DiskImageException Failure(string path, long? offset, Exception e) =>
        e.HResult is NoSpaceLeft or FileTooLarge or QuotaExceeded or WindowsDiskFull
            ? new DiskImageException(DiskImageErrors.NoSpace, "There is no space left for the image; free some and repeat the command.", path, offset, e)
            : new DiskImageException(DiskImageErrors.InputOutput, $"The image cannot be written: {e.Message}", path, offset, e);
}
