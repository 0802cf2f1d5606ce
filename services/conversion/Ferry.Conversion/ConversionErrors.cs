namespace Ferry.Conversion;

/// <summary>The closed list of this service's own error codes; docs/errors.md explains each.</summary>
public static class ConversionErrors
{
    /// <summary>The output folder cannot be made or written.</summary>
    public const string OutputNotWritable = "OUTPUT_NOT_WRITABLE";

    /// <summary>The output folder's disk has not enough room.</summary>
    public const string OutputNoSpace = "OUTPUT_NO_SPACE";

    /// <summary>The output folder holds a file that the conversion would make.</summary>
    public const string OutputExists = "OUTPUT_EXISTS";

    /// <summary>The finished image does not hold what its manifest says.</summary>
    public const string VerifyMismatch = "VERIFY_MISMATCH";

    /// <summary>A file that should be published is neither in the staging folder nor in the output folder.</summary>
    public const string PublishMissing = "PUBLISH_FILE_MISSING";

    /// <summary>The captured manifest and the one to write are not of the same disk.</summary>
    public const string ManifestsDiffer = "MANIFESTS_DIFFER";

    /// <summary>There is something of the output's name in the library.</summary>
    public const string LibraryNameExists = "LIBRARY_NAME_EXISTS";

    /// <summary>The output is in a library, and there is none here.</summary>
    public const string LibraryUnknown = "LIBRARY_UNKNOWN";
}
