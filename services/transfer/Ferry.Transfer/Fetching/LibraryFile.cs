using System.Globalization;

namespace Ferry.Transfer.Fetching;

/// <summary>A place in the library share: a relative path that leads nowhere else.</summary>
/// <param name="Folder">The folder, absolute.</param>
/// <param name="Path">The file, absolute.</param>
/// <param name="Staging">The file while it is not complete, in the same folder.</param>
public sealed record LibraryFile(string Folder, string Path, string Staging)
{
    /// <summary>What is wrong with a relative path, or null.</summary>
    public static string? Problem(string destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var parts = destination.Split('/');
        return destination.Length > 1024 ? "is longer than 1024 characters"
            : parts.Any(part => part.Length is 0 or > 200 || part[0] == '.' || part.AsSpan().IndexOfAny("\\:") >= 0 || part.Any(char.IsControl))
                ? "is not a relative path of plain names (none empty, none that begins with a dot)"
                : null;
    }

    /// <summary>The place of a relative path. Links below the library are not followed.</summary>
    /// <exception cref="IOException">A folder on the way is a link.</exception>
    public static LibraryFile At(string library, string destination, string job, int file)
    {
        if (Problem(destination) is { } problem)
        {
            throw new IOException($"The destination {problem}.");
        }

        var folder = System.IO.Path.GetFullPath(library);
        var parts = destination.Split('/');
        foreach (var part in parts[..^1])
        {
            folder = System.IO.Path.Combine(folder, part);
            if (new DirectoryInfo(folder).LinkTarget is not null)
            {
                throw new IOException($"The folder {part} on the way to the destination is a link.");
            }
        }

        return new LibraryFile(
            folder, System.IO.Path.Combine(folder, parts[^1]), System.IO.Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $".ferry-{job}-{file}.part")));
    }
}
