using System.Collections.Frozen;

namespace Ferry.Cli;

/// <summary>The exit codes of the command-line contract, and the one table of which error code ends with which; docs/errors.md says the same.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    public const int Usage = 2;

    public const int SourceUnreadable = 3;

    public const int PreflightRefused = 4;

    public const int StepFailed = 5;

    public const int Cancelled = 6;

    /// <summary>Says nothing of itself: the source could not be read when it was being looked at or captured, else the step failed.</summary>
    private const string ReadOrWrite = "IMAGE_IO";

    // What is not listed is a step that failed.
    private static readonly FrozenDictionary<string, int> Table = new (int ExitCode, string[] Codes)[]
    {
        (Usage, ["USAGE", "TRANSFER_INVALID", "LIBRARY_INVALID", "LIMITS_INVALID", "PACKAGES_MISSING", "DOTNET_MISSING", "TARGET_UNKNOWN", "TARGET_NOT_BUILT", "TARGET_FORMAT_UNFIT"]),
        (SourceUnreadable,
        [
            "SOURCE_NOT_FOUND", "SOURCE_NOT_A_MACHINE", "SOURCE_NO_DISKS", "SOURCE_IO", "SOURCE_FORBIDDEN", "SOURCE_FORBIDDEN_REFERENCE",
            "SOURCE_FORMAT_UNKNOWN", "SOURCE_ENCRYPTED", "VMX_INVALID", "OVF_INVALID", "OVF_UNSUPPORTED", "OVF_SEVERAL_SYSTEMS", "OVF_DIGEST_MISMATCH",
            "OVF_MANIFEST_INVALID", "OVA_INVALID", "IMAGE_UNKNOWN_FORMAT", "IMAGE_UNSUPPORTED_VARIANT", "IMAGE_TRUNCATED", "IMAGE_CORRUPT",
            "IMAGE_FORBIDDEN_REFERENCE", "IMAGE_MISSING_FILE", "IMAGE_SOURCE_CHANGED", "IMAGE_INCOMPLETE",
            "LIBRARY_UNKNOWN", "LIBRARY_UNUSABLE", "LIBRARY_FILE_NAME", "SOURCE_TOO_MANY_FILES",
        ]),
        (PreflightRefused,
        [
            "GUEST_UNKNOWN", "GUEST_NOT_HANDLED", "GUEST_SEVERAL_ROOTS", "GUEST_ENCRYPTED", "GUEST_HIBERNATED", "GUEST_FS_DIRTY", "GUEST_DEVICE_UNRESOLVED",
            "FIRST_BOOT_INVALID", "FIRST_BOOT_MISSING", "GUEST_DYNAMIC_DISK", "GUEST_UNSUPPORTED_WINDOWS", "HYPERV_DRIVERS_MISSING",
            "GUEST_FILE_UNUSABLE", "GUEST_NO_SPACE", "FIRMWARE_MISMATCH", "KERNEL_NO_HYPERV", "KERNEL_NO_VIRTIO", "INITRD_NOT_PATCHABLE", "TARGET_LIMIT_EXCEEDED",
            "HIVE_UNSUPPORTED", "HIVE_TRUNCATED", "HIVE_CORRUPT", "HIVE_DIRTY", "HIVE_LOG_UNREPLAYABLE", "HIVE_LOG_INCOMPLETE", "HIVE_NOT_EDITABLE",
            "HIVE_TOO_LARGE", "HIVE_MISSING", "HIVE_WRONG_TYPE", "LIBRARY_NAME_EXISTS", "LIBRARY_IN_USE",
        ]),
        (Cancelled, ["CANCELLED"]),
    }.SelectMany(row => row.Codes, (row, code) => KeyValuePair.Create(code, row.ExitCode)).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The exit code of an error code.</summary>
    /// <param name="code">The error code.</param>
    /// <param name="atSource">Whether it was found while the source was looked at or captured, and not in a later step.</param>
    public static int Of(string code, bool atSource = false) =>
        code == ReadOrWrite && atSource ? SourceUnreadable : Table.GetValueOrDefault(code, StepFailed);
}
