namespace Ferry.Fixup.Volumes;

/// <summary>Kind of an entry of a guest's file system.</summary>
public enum GuestEntryKind
{
    /// <summary>Regular file.</summary>
    File,

    /// <summary>Directory.</summary>
    Directory,

    /// <summary>Symbolic link.</summary>
    Symlink,

    /// <summary>Device, pipe or socket: never opened.</summary>
    Special,
}
