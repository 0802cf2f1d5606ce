namespace Ferry.Hosting.Library;

/// <summary>The library share: one folder with a folder per machine, the same for every service that needs it.</summary>
public sealed class LibraryOptions
{
    /// <summary>Section in the configuration.</summary>
    public const string SectionName = "Ferry:Library";

    /// <summary>The folder, or null: there is no library.</summary>
    public string? Folder { get; set; }
}
