using Ferry.Cli.Commands;
using Ferry.Contracts;
using Ferry.Hosting.Library;

namespace Ferry.Cli.Embedded;

/// <summary>How a conversion runs in this process.</summary>
/// <param name="Library">Folder of the library, or null for the environment's.</param>
/// <param name="Verbose">Whether the services' logs are shown.</param>
internal sealed record EmbeddedOptions(string? Library, bool Verbose)
{
    /// <summary>The folder that holds the work folder for an output: the output itself, or for a machine of the library a hidden one in the library.</summary>
    public string WorkOf(string output)
    {
        if (!LibraryName.IsReference(output))
        {
            return output;
        }

        return Arguments.LibraryFolder(Library) is { } folder
            ? Path.Combine(folder, LibraryShare.WorkName, $"command-{LibraryName.Of(output)}")
            : throw new CliException(new Failure
            {
                Code = "LIBRARY_UNKNOWN", Message = "There is no library here", Where = output, Remedy = $"Name its folder with --library, or set {Arguments.LibraryVariable}",
            });
    }
}
