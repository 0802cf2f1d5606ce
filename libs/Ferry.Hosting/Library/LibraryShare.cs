using System.Globalization;
using Microsoft.Extensions.Options;

namespace Ferry.Hosting.Library;

/// <summary>
/// The library share on disk: <c>FOLDER/NAME/</c> holds a complete machine and its <see cref="LibraryRecord"/>; all that is not complete, or on its way out, is below
/// <c>FOLDER/.ferry/</c>, on the same file system, so that a machine appears and goes by one rename. Thread-safe; holds nothing in memory.
/// </summary>
public sealed class LibraryShare(IOptions<LibraryOptions> options)
{
    /// <summary>Name of the folder for what is not complete.</summary>
    public const string WorkName = ".ferry";

    private const string RemovedPrefix = "removed-";

    /// <summary>The folder, or null: there is no library here.</summary>
    public string? Folder { get; } = options.Value.Folder is { Length: > 0 } folder ? Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)) : null;

    private string Root => Folder ?? throw new InvalidOperationException("There is no library here.");

    /// <summary>The folder for what is not complete.</summary>
    public string Work => Path.Combine(Root, WorkName);

    /// <summary>Folder of a machine. The name has passed <see cref="LibraryName.Problem"/>.</summary>
    public string Of(string name) => LibraryName.Problem(name) is { } problem ? throw new ArgumentException($"The name {problem}.", nameof(name)) : Path.Combine(Root, name);

    /// <summary>Folder in which a machine grows until it is complete.</summary>
    /// <param name="kind">Who fills it, lower case: <c>add</c>, <c>convert</c>.</param>
    /// <param name="id">Id of the transfer job or conversion.</param>
    public string Staging(string kind, Guid id) => Path.Combine(Work, $"{kind}-{id:N}");

    /// <summary>The name of whatever is there under a name, in any case of letters: Windows shares know no difference. Null when nothing is.</summary>
    public string? Find(string name) => Folder is null || !Directory.Exists(Folder) ? null
        : Directory.EnumerateFileSystemEntries(Folder).Select(Path.GetFileName).FirstOrDefault(entry => string.Equals(entry, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The record of a machine, or null when there is no complete machine of that name.</summary>
    /// <exception cref="InvalidDataException">The record is damaged.</exception>
    public LibraryRecord? TryRead(string name) => Folder is null || LibraryName.Problem(name) is not null || IsLink(Of(name)) ? null : LibraryRecord.TryRead(Of(name));

    /// <summary>The id in the record of a machine; null when there is none, or its record is damaged.</summary>
    public Guid? TryReadId(string name)
    {
        try
        {
            return TryRead(name)?.Id;
        }
        catch (InvalidDataException)
        {
            return null; // Whoever made it, it is nobody's that can be told.
        }
    }

    /// <summary>All complete machines, by name; with null for one whose record is damaged.</summary>
    public IEnumerable<(string Name, LibraryRecord? Record)> List()
    {
        var names = Folder is null || !Directory.Exists(Folder) ? [] : Directory.EnumerateDirectories(Folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.OrdinalIgnoreCase).ToArray();
        foreach (var name in names.Where(name => LibraryName.Problem(name) is null && !IsLink(Of(name)) && File.Exists(Path.Combine(Of(name), LibraryRecord.FileName))))
        {
            LibraryRecord? record = null;
            try
            {
                record = TryRead(name);
                if (record is null)
                {
                    continue;
                }
            }
            catch (InvalidDataException)
            {
                // It is listed as what it is: not readable.
            }

            yield return (name, record);
        }
    }

    /// <summary>Lets a machine appear. What its folder holds has to be durable.</summary>
    /// <param name="staging">Where it grew; on the same file system.</param>
    /// <param name="name">Its name.</param>
    /// <returns>False: there is something under that name already, and nothing was changed.</returns>
    public bool TryPublish(string staging, string name)
    {
        if (Find(name) is not null)
        {
            return false;
        }

        try
        {
            // A rename onto a folder that is not empty fails, and a machine's never is: of two at the same moment one appears.
            Directory.Move(staging, Of(name));
            return true;
        }
        catch (IOException) when (Path.Exists(Of(name)) && Directory.Exists(staging))
        {
            return false;
        }
    }

    /// <summary>Takes a machine out by a rename; from then on nobody finds it, and what is left is deleted by <see cref="Empty"/>. Does nothing when it is gone.</summary>
    public string? TakeOut(string name)
    {
        var trash = Path.Combine(Work, RemovedPrefix + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
        Directory.CreateDirectory(Work);
        try
        {
            Directory.Move(Of(name), trash);
            return trash;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Folders that were taken out and not deleted: a crash came in between.</summary>
    public IReadOnlyList<string> TakenOut() =>
        Folder is null || !Directory.Exists(Work) ? [] : [.. Directory.EnumerateDirectories(Work, RemovedPrefix + "*")];

    /// <summary>Folders of one kind in which machines grow, with their ids.</summary>
    public IReadOnlyList<(Guid Id, string Path)> Growing(string kind) => Folder is null || !Directory.Exists(Work) ? [] :
        [.. from path in Directory.EnumerateDirectories(Work, kind + "-*")
            where Guid.TryParseExact(Path.GetFileName(path)[(kind.Length + 1)..], "N", out _)
            select (Guid.ParseExact(Path.GetFileName(path)[(kind.Length + 1)..], "N"), path)];

    /// <summary>Deletes a folder below <see cref="Work"/>, links in it not followed. Does nothing when it is gone.</summary>
    /// <exception cref="IOException">It is elsewhere, or cannot be deleted.</exception>
    public void Empty(string path)
    {
        if (Path.GetDirectoryName(path) != Work || IsLink(path) || IsLink(Work))
        {
            throw new IOException($"'{path}' is not a folder of the library's own and is left alone.");
        }

        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // Somebody else has deleted it.
        }
    }

    private static bool IsLink(string path) => new DirectoryInfo(path).LinkTarget is not null;
}
