namespace Ferry.Conversion.Output;

/// <summary>Folders that Ferry makes for an output: they go again, and only they, when nothing came of it.</summary>
public static class NewFolder
{
    /// <summary>Kind of such a folder in the ledger.</summary>
    public const string Kind = "new-folder";

    /// <summary>The folders of a path that are not there, the outermost first.</summary>
    public static IReadOnlyList<string> Missing(string path)
    {
        var missing = new List<string>();
        for (var folder = Path.TrimEndingDirectorySeparator(path); folder is not null && !Path.Exists(folder); folder = Path.GetDirectoryName(folder))
        {
            missing.Insert(0, folder);
        }

        return missing;
    }

    /// <summary>Deletes a folder that has nothing in it; another conversion may put something in meanwhile, then it stays.</summary>
    public static void DeleteIfEmpty(string folder)
    {
        if (!Directory.Exists(folder) || Directory.EnumerateFileSystemEntries(folder).Any())
        {
            return;
        }

        try
        {
            Directory.Delete(folder, recursive: false);
        }
        catch (IOException) when (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any())
        {
            // Another conversion has begun in it: it is not ours alone any more, and that one removes it.
        }
        catch (DirectoryNotFoundException)
        {
            // Another conversion removed it at the same moment.
        }
    }
}
