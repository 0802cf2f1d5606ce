using Ferry.Hosting.Library;
using Microsoft.Extensions.Options;

namespace Ferry.Capture.Sources;

/// <summary>Machines of the library as sources: <c>library:NAME</c> is the file that the machine's record names. Its bytes are read where they are.</summary>
public sealed class LibrarySources(LibraryShare library)
{
    /// <summary>Where there is no library.</summary>
    internal static readonly LibrarySources None = new(new LibraryShare(Options.Create(new LibraryOptions())));

    /// <summary>The path of the machine's descriptor, and its format.</summary>
    /// <param name="reference"><c>library:NAME</c>.</param>
    /// <param name="format">The format that the request says, or null.</param>
    /// <exception cref="SourceException"><see cref="SourceErrors.LibraryUnknown"/>, <see cref="SourceErrors.LibraryUnusable"/>.</exception>
    public (string Path, string? Format) Resolve(string reference, string? format)
    {
        var name = LibraryName.Of(reference);
        if (LibraryName.Problem(name) is { } problem)
        {
            throw Unknown(reference, $"The name in the library {problem}.", "See ferry library list.");
        }

        if (library.Folder is null)
        {
            throw Unknown(reference, "There is no library here.", $"Set {LibraryOptions.SectionName}:{nameof(LibraryOptions.Folder)}, or name the library's folder with --library.");
        }

        try
        {
            var record = library.TryRead(name) ?? throw Unknown(reference, "There is no complete machine of that name in the library.", "See ferry library list.");
            return record.Descriptor is { } descriptor
                ? (Path.Combine(library.Of(name), descriptor), format ?? record.Format)
                : throw Unusable(reference, "The machine in the library has several disks and no descriptor that could be converted.", "Name one of its images by path.");
        }
        catch (InvalidDataException exception)
        {
            throw Unusable(reference, $"The machine's {LibraryRecord.FileName} {exception.Message}.", "Remove the machine from the library and add it again.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SourceException.Of(SourceErrors.InputOutput, $"The library cannot be read: {exception.Message}", SourceText.Quote(reference), "Check the library's disk and permissions.", exception);
        }
    }

    private static SourceException Unknown(string reference, string message, string remedy) =>
        SourceException.Of(SourceErrors.LibraryUnknown, message, SourceText.Quote(reference), remedy);

    private static SourceException Unusable(string reference, string message, string remedy, Exception? inner = null) =>
        SourceException.Of(SourceErrors.LibraryUnusable, message, SourceText.Quote(reference), remedy, inner);
}
