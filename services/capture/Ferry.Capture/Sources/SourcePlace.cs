namespace Ferry.Capture.Sources;

/// <summary>Where a source is: a name in a folder, or in a URL that ends with a slash.</summary>
/// <param name="Location">Absolute path of the folder, or URL of the folder with a slash at its end, and behind it the query of an ESXi datastore.</param>
/// <param name="Name">Name of the file in it.</param>
/// <param name="Remote">Whether it is a URL.</param>
public sealed record SourcePlace(string Location, string Name, bool Remote)
{
    /// <summary>Path or URL of the source itself.</summary>
    public string Full => Remote ? Location.Insert(EndOfPath(Location), Uri.EscapeDataString(Name)) : Path.Combine(Location, Name);

    private static int EndOfPath(string url) => url.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query ? query : url.Length;
}
