namespace Ferry.Capture.Sources;

/// <summary>The closed list of error codes of capture; docs/errors.md explains each. Codes of disk images pass through unchanged.</summary>
public static class SourceErrors
{
    /// <summary>There is nothing at the place that the request names.</summary>
    public const string NotFound = "SOURCE_NOT_FOUND";

    /// <summary>The source is there, but is neither a machine's descriptor nor a disk image that can be recognised.</summary>
    public const string NotAMachine = "SOURCE_NOT_A_MACHINE";

    /// <summary>The scheme, host or folder is not one that this installation reads from.</summary>
    public const string Forbidden = "SOURCE_FORBIDDEN";

    /// <summary>A descriptor names a file that it may not name: a path, a URL, a device.</summary>
    public const string ForbiddenReference = "SOURCE_FORBIDDEN_REFERENCE";

    /// <summary>Reading failed in the operating system or network; trying again may help.</summary>
    public const string InputOutput = "SOURCE_IO";

    /// <summary>The request's format is not one that can be read.</summary>
    public const string UnknownFormat = "SOURCE_FORMAT_UNKNOWN";

    /// <summary>The machine has no disk that could be moved.</summary>
    public const string NoDisks = "SOURCE_NO_DISKS";

    /// <summary>The machine is encrypted.</summary>
    public const string Encrypted = "SOURCE_ENCRYPTED";

    /// <summary>The .vmx is damaged, too large, or holds a value that makes no sense.</summary>
    public const string VmxInvalid = "VMX_INVALID";

    /// <summary>The .ovf is damaged, too large, has a DTD, or holds a value that makes no sense.</summary>
    public const string OvfInvalid = "OVF_INVALID";

    /// <summary>The .ovf describes several machines.</summary>
    public const string OvfSeveralSystems = "OVF_SEVERAL_SYSTEMS";

    /// <summary>The .ovf uses something that is not supported: compressed or split files, delta disks.</summary>
    public const string OvfUnsupported = "OVF_UNSUPPORTED";

    /// <summary>A file's digest is not the one in the package's .mf file.</summary>
    public const string OvfDigestMismatch = "OVF_DIGEST_MISMATCH";

    /// <summary>The .mf file cannot be understood.</summary>
    public const string OvfManifestInvalid = "OVF_MANIFEST_INVALID";

    /// <summary>The OVA is not a tar archive with an .ovf in it.</summary>
    public const string OvaInvalid = "OVA_INVALID";

    /// <summary>There is no machine of that name in the library, or no library.</summary>
    public const string LibraryUnknown = "LIBRARY_UNKNOWN";

    /// <summary>The machine in the library cannot be a source: its record is damaged, or names no descriptor.</summary>
    public const string LibraryUnusable = "LIBRARY_UNUSABLE";

    /// <summary>A machine has more files than the library takes.</summary>
    public const string TooManyFiles = "SOURCE_TOO_MANY_FILES";
}
