namespace Ferry.Fixup.Planning;

/// <summary>What an edit does with its path.</summary>
public enum GuestEditAction
{
    /// <summary>Writes a file's content: into the existing file, or as a new file.</summary>
    Write,

    /// <summary>Removes a file or link.</summary>
    Remove,

    /// <summary>Makes a symbolic link where nothing is.</summary>
    Link,
}
