namespace Ferry.Hives;

/// <summary>The closed list of error codes of this library; docs/errors.md explains each.</summary>
public static class HiveErrors
{
    /// <summary>The content is no registry hive, or of a version that is not handled.</summary>
    public const string Unsupported = "HIVE_UNSUPPORTED";

    /// <summary>The file is shorter than its header says.</summary>
    public const string Truncated = "HIVE_TRUNCATED";

    /// <summary>A structure contradicts the format or another structure.</summary>
    public const string Corrupt = "HIVE_CORRUPT";

    /// <summary>The hive was not written to its end, and no log with content was given.</summary>
    public const string Dirty = "HIVE_DIRTY";

    /// <summary>The hive was not written to its end, and none of its logs can be applied.</summary>
    public const string LogUnreplayable = "HIVE_LOG_UNREPLAYABLE";

    /// <summary>The logs hold changes that cannot be reached, as one before them is damaged or missing.</summary>
    public const string LogIncomplete = "HIVE_LOG_INCOMPLETE";

    /// <summary>The hive can be read, but holds inconsistencies that an edit could make worse.</summary>
    public const string NotEditable = "HIVE_NOT_EDITABLE";

    /// <summary>The hive is larger than allowed, or would become so.</summary>
    public const string TooLarge = "HIVE_TOO_LARGE";

    /// <summary>A key, value, object or element that is needed is not there.</summary>
    public const string Missing = "HIVE_MISSING";

    /// <summary>A value or element is of another type or size than is needed.</summary>
    public const string WrongType = "HIVE_WRONG_TYPE";
}
