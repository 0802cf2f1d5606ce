namespace Ferry.Capture.Sources;

/// <summary>The rule for file names in descriptors (DESIGN section 7): a bare name beside the descriptor, nothing that leads anywhere else.</summary>
internal static class DescriptorReference
{
    private const int LongestName = 255;

    /// <summary>Checks a name.</summary>
    /// <param name="name">The name as the descriptor gives it.</param>
    /// <param name="where">Descriptor and key, for the message.</param>
    /// <exception cref="SourceException"><see cref="SourceErrors.ForbiddenReference"/>.</exception>
    public static string Require(string name, string where)
    {
        var reason = name switch
        {
            "" => "is empty",
            "." or ".." => "is a folder",
            { Length: > LongestName } => "is longer than 255 characters",
            _ when name.AsSpan().IndexOfAny('/', '\\') >= 0 => "is a path",
            _ when name is [_, ':', ..] => "names a drive",
            _ when name.AsSpan().IndexOfAnyInRange('\0', '\x1f') >= 0 => "contains a control character",
            _ => null,
        };
        return reason is null
            ? name
            : throw SourceException.Of(
                SourceErrors.ForbiddenReference,
                $"The descriptor names the disk file \"{SourceText.Quote(name)}\", which {reason}; only files beside the descriptor are read.",
                where,
                "Put the disk's files beside the descriptor, write the bare file name there, and try again.");
    }
}
