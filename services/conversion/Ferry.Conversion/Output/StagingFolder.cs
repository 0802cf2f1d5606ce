namespace Ferry.Conversion.Output;

/// <summary>The folder in which a conversion's files grow until they are published: <c>{Output}/.ferry/{conversion id}</c>.</summary>
public static class StagingFolder
{
    /// <summary>Name of the folder that holds the staging folders of an output folder.</summary>
    public const string ParentName = ".ferry";

    /// <summary>Kind of a staging folder in the ledger.</summary>
    public const string Kind = "staging-folder";

    /// <summary>Path of the staging folder.</summary>
    public static string PathOf(string output, Guid conversionId) => Path.Combine(output, ParentName, conversionId.ToString("N"));

    /// <summary>Takes the folder of a conversion apart; refuses every path that is not of its exact form, so that nothing else is ever deleted.</summary>
    /// <exception cref="IOException">The path has another form, or leads through a link.</exception>
    public static (string Staging, string Parent, string Output) Check(string place, Guid conversionId)
    {
        ArgumentNullException.ThrowIfNull(place);
        var parent = Path.GetDirectoryName(place);
        var output = Path.GetDirectoryName(parent);
        if (!Path.IsPathFullyQualified(place) || Path.GetFullPath(place) != place || output is null || parent is null
            || Path.GetFileName(parent) != ParentName || Path.GetFileName(place) != conversionId.ToString("N"))
        {
            throw new IOException($"'{place}' is not the staging folder of conversion {conversionId:N} and is left alone.");
        }

        if (IsLink(place) || IsLink(parent))
        {
            throw new IOException($"'{place}' is or leads through a symbolic link and is left alone.");
        }

        return (place, parent, output);
    }

    /// <summary>Deletes the staging folder, and <c>.ferry</c> when it is empty then. Nothing happens when it is not there.</summary>
    public static void Delete(string place, Guid conversionId)
    {
        var (staging, parent, _) = Check(place, conversionId);
        if (Directory.Exists(staging))
        {
            Directory.Delete(staging, recursive: true);
        }

        NewFolder.DeleteIfEmpty(parent);
    }

    private static bool IsLink(string path) => new FileInfo(path).LinkTarget is not null;
}
