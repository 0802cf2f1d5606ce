namespace Ferry.DiskImages;

/// <summary>The closed list of error codes of this library; docs/errors.md explains each.</summary>
public static class DiskImageErrors
{
    /// <summary>The content is of no known format.</summary>
    public const string UnknownFormat = "IMAGE_UNKNOWN_FORMAT";

    /// <summary>The format is known, this variant of it is not supported.</summary>
    public const string UnsupportedVariant = "IMAGE_UNSUPPORTED_VARIANT";

    /// <summary>A file is shorter than its headers say.</summary>
    public const string Truncated = "IMAGE_TRUNCATED";

    /// <summary>A structure contradicts the specification or another structure.</summary>
    public const string Corrupt = "IMAGE_CORRUPT";

    /// <summary>The image names a file that it may not name: not beside it, absolute, a link out of the folder, a device.</summary>
    public const string ForbiddenReference = "IMAGE_FORBIDDEN_REFERENCE";

    /// <summary>A file that the image names is not there.</summary>
    public const string MissingFile = "IMAGE_MISSING_FILE";

    /// <summary>A file or its source changed while it was read.</summary>
    public const string SourceChanged = "IMAGE_SOURCE_CHANGED";

    /// <summary>Reading or writing failed in the operating system or network.</summary>
    public const string InputOutput = "IMAGE_IO";

    /// <summary>The target cannot hold the image: disk full.</summary>
    public const string NoSpace = "IMAGE_NO_SPACE";

    /// <summary>The image was not finished by the program that wrote it.</summary>
    public const string Incomplete = "IMAGE_INCOMPLETE";

    /// <summary>The image does not hold the content that a delta is to.</summary>
    public const string ContentDiffers = "IMAGE_CONTENT_DIFFERS";

    /// <summary>A file that must not be overwritten is already at the target path.</summary>
    public const string Exists = "IMAGE_EXISTS";
}
