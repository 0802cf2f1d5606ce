namespace Ferry.TestServices;

/// <summary>A folder of its own that is deleted at disposal.</summary>
public sealed class TempFolder : IDisposable
{
    /// <summary>Makes the folder, in the system's temporary folder.</summary>
    public TempFolder(string purpose = "test") => Path = Directory.CreateTempSubdirectory($"ferry-{purpose}-").FullName;

    /// <summary>Full path.</summary>
    public string Path { get; }

    /// <summary>Full path of a file or folder in it.</summary>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (DirectoryNotFoundException)
        {
            // The test deleted it itself.
        }
    }
}
