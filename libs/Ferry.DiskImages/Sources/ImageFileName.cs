namespace Ferry.DiskImages.Sources;

/// <summary>The one rule for names that stand in a descriptor: a plain file name, nothing that leads anywhere else.</summary>
internal static class ImageFileName
{
    private const int MaximumLength = 255;

    /// <summary>Checks a name.</summary>
    /// <exception cref="DiskImageException"><see cref="DiskImageErrors.ForbiddenReference"/>.</exception>
    public static void Require(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var reason = name switch
        {
            "" => "is empty",
            "." or ".." => "is a folder",
            { Length: > MaximumLength } => "is longer than 255 characters",
            _ when name.AsSpan().IndexOfAny('/', '\\') >= 0 => "contains a path; only files beside the image may be named",
            _ when name.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 => "contains a control character",
            _ when OperatingSystem.IsWindows() && name.Contains(':', StringComparison.Ordinal) => "names a drive or stream",
            _ => null,
        };
        if (reason is not null)
        {
            throw new InvalidDiskImageException(DiskImageErrors.ForbiddenReference, $"The file name \"{Printable(name)}\" {reason}.", Printable(name));
        }
    }

    /// <summary>The name cut and without control characters, for messages.</summary>
    internal static string Printable(string name) =>
        string.Concat(name.Take(MaximumLength).Select(c => char.IsControl(c) ? '?' : c));
}
