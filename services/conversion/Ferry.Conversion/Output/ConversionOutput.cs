using Ferry.Hosting.Library;

namespace Ferry.Conversion.Output;

/// <summary>
/// Where a conversion writes. An output <c>library:NAME</c> grows in a folder of the library's own, <c>.ferry/convert-ID</c>, as any other output would, and becomes <c>NAME</c> by one
/// rename when everything is in it. Thread-safe.
/// </summary>
public sealed class ConversionOutput(LibraryShare library)
{
    /// <summary>Kind of the folders in which machines grow here.</summary>
    public const string Kind = "convert";

    /// <summary>The library.</summary>
    public LibraryShare Library => library;

    /// <summary>The folder in which a conversion's files appear.</summary>
    /// <exception cref="Hosting.Jobs.JobFailedException">There is no library here, or the name is wrong.</exception>
    public string FolderOf(string output, Guid conversionId)
    {
        if (!LibraryName.IsReference(output))
        {
            return output;
        }

        NameOf(output);
        return library.Staging(Kind, conversionId);
    }

    /// <summary>The name in the library, or null when the output is a folder.</summary>
    /// <exception cref="Hosting.Jobs.JobFailedException">There is no library here, or the name is wrong.</exception>
    public string? NameOf(string output)
    {
        if (!LibraryName.IsReference(output))
        {
            return null;
        }

        var name = LibraryName.Of(output);
        if (library.Folder is null || LibraryName.Problem(name) is not null)
        {
            throw ConversionFailures.Create(
                ConversionErrors.LibraryUnknown,
                library.Folder is null ? "There is no library here." : $"The name in the library {LibraryName.Problem(name)}.",
                output,
                $"Set {LibraryOptions.SectionName}:{nameof(LibraryOptions.Folder)}, or choose another output.");
        }

        return name;
    }

    /// <summary>Refuses a name that is taken.</summary>
    /// <exception cref="Hosting.Jobs.JobFailedException"><see cref="ConversionErrors.LibraryNameExists"/>.</exception>
    public void RefuseExisting(string output)
    {
        if (NameOf(output) is { } name && library.Find(name) is not null)
        {
            throw Exists(output);
        }
    }

    /// <summary>The name is taken.</summary>
    public static Hosting.Jobs.JobFailedException Exists(string output) => ConversionFailures.Create(
        ConversionErrors.LibraryNameExists, "There is something of that name in the library.", output, "Choose another name, or remove what is there.");
}
