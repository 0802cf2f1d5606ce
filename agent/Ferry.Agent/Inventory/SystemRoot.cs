namespace Ferry.Agent.Inventory;

/// <summary>
/// The files by which a system describes itself, below a folder: <c>/</c> for the running one. What cannot be read is as if it were not there, as on every system something is missing; what is read is bounded.
/// Safe for concurrent use.
/// </summary>
/// <param name="folder">The root.</param>
internal sealed class SystemRoot(string folder)
{
    private const int MostBytes = 1 << 20;
    private const int MostEntries = 65_536;

    /// <summary>Whether it is the running system.</summary>
    public bool IsLive { get; } = folder == "/";

    /// <summary>The real path of an absolute path in it.</summary>
    public string PathOf(string path) => IsLive ? path : Path.Join(folder, path);

    /// <summary>Whether there is a file, folder or device of that path.</summary>
    public bool Exists(string path) => Path.Exists(PathOf(path));

    /// <summary>The first MiB of a file; null when it cannot be read.</summary>
    public byte[]? ReadBytes(string path)
    {
        try
        {
            using var file = new FileStream(PathOf(path), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            var buffer = new byte[4096];
            var length = 0;
            while (length < MostBytes)
            {
                var read = file.Read(buffer, length, buffer.Length - length);
                if (read == 0)
                {
                    break;
                }

                length += read;
                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, buffer.Length * 2);
                }
            }

            return buffer[..length];
        }
        catch (Exception exception) when (IsMissing(exception))
        {
            return null;
        }
    }

    /// <summary>A file as text without the white space around it; null when it cannot be read.</summary>
    public string? ReadText(string path) => ReadBytes(path) is { } bytes ? System.Text.Encoding.UTF8.GetString(bytes).Trim() : null;

    /// <summary>The lines of a file; none when it cannot be read.</summary>
    public IReadOnlyList<string> ReadLines(string path) => ReadText(path)?.Split('\n', StringSplitOptions.TrimEntries) ?? [];

    /// <summary>A file that holds a number; null when it does not.</summary>
    public long? ReadNumber(string path) =>
        long.TryParse(ReadText(path), System.Globalization.NumberStyles.Integer, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Names of what is in a folder, in ordinal order; none when it cannot be read.</summary>
    public IReadOnlyList<string> List(string path)
    {
        try
        {
            return [.. new DirectoryInfo(PathOf(path)).EnumerateFileSystemInfos().Take(MostEntries).Select(entry => entry.Name).Order(StringComparer.Ordinal)];
        }
        catch (Exception exception) when (IsMissing(exception))
        {
            return [];
        }
    }

    /// <summary>What a link says, as it stands there; null when it is none.</summary>
    public string? ReadLink(string path)
    {
        try
        {
            return new FileInfo(PathOf(path)).LinkTarget;
        }
        catch (Exception exception) when (IsMissing(exception))
        {
            return null;
        }
    }

    private static bool IsMissing(Exception exception) => exception is IOException or UnauthorizedAccessException or System.Security.SecurityException;
}
